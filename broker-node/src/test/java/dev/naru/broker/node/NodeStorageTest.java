package dev.naru.broker.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.config.ConfigLayers;
import dev.naru.broker.config.LiveConfig;
import dev.naru.broker.runtime.Clocks;
import dev.naru.broker.runtime.NodeRuntime;
import dev.naru.broker.upkeep.ReplicaFaults;
import dev.naru.broker.upkeep.ReplicaRepairs;
import dev.naru.types.NodeEpoch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may touch a data directory, and until when. */
@Timeout(60)
class NodeStorageTest {

  private static final String CLUSTER = "6f0d3c1e-2b0a-4c55-9a77-0c3b3f6f7a10";

  @TempDir Path directory;

  private NodeRuntime runtime;
  private NodeDirectories directories;
  private NodeStorage storage;

  @BeforeEach
  void start() throws Exception {
    var config =
        ConfigLayers.load(
                Optional.empty(),
                Map.of(),
                List.of(
                    "cluster.id=" + CLUSTER,
                    "node.id=7",
                    "data.dirs=" + directory.resolve("data"),
                    "metadata.dir=" + directory.resolve("metadata"),
                    "quorum.voters=7@127.0.0.1:9412"))
            .config();
    Node.format(config);
    runtime =
        NodeRuntime.create(config.nodeId(), Clocks.SYSTEM, (_, _) -> {}, NodeRuntime.newMemory());
    directories =
        NodeDirectories.open(
            config, UUID.fromString(CLUSTER), Clocks.SYSTEM.wallMillis(), failure -> {});
    var logs =
        NodeLogs.recover(
            directories, runtime.waiting(), new RecoveryProgress(Clocks.SYSTEM.nanos()));
    var repairs = new ReplicaRepairs(logs.store(), runtime.meters(), Clocks.SYSTEM.nanos());
    var faults = new ReplicaFaults(logs.store(), repairs, runtime.chores(), runtime.meters());
    storage =
        NodeStorage.start(new LiveConfig(config, new TreeMap<>()), logs, faults, repairs, runtime);
  }

  @AfterEach
  void end() {
    storage.close();
    directories.close();
    runtime.close();
  }

  @Test
  void givesItsDirectoriesUpOnlyOnceNoChoreWritesThere() throws Exception {
    assertThatItWaitsForChores(NodeStorage::close);
  }

  @Test
  void stopsCleanlyOnlyOnceNoChoreWritesThere() throws Exception {
    assertThatItWaitsForChores(stopping -> stopping.closeCleanly(new NodeEpoch(1)));
  }

  private void assertThatItWaitsForChores(Consumer<NodeStorage> close) throws Exception {
    var begun = new CountDownLatch(1);
    var mayEnd = new CountDownLatch(1);
    var wereClosed = new CompletableFuture<Boolean>();
    runtime.repeat(
        Duration.ofMillis(1),
        "A chore that takes long",
        () -> {
          begun.countDown();
          awaitQuietly(mayEnd);
          wereClosed.complete(storage.logs().isClosed());
        });
    begun.await();

    var closing = Thread.ofPlatform().start(() -> close.accept(storage));
    Awaitility.await()
        .until(() -> !closing.isAlive() || closing.getState() == Thread.State.TIMED_WAITING);
    mayEnd.countDown();
    closing.join();

    assertThat(wereClosed.get(10, TimeUnit.SECONDS)).as("closed under a chore").isFalse();
    assertThat(storage.logs().isClosed()).isTrue();
    assertThat(runtime.chores().isTerminated()).as("no other chore can begin").isTrue();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
