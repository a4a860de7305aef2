package dev.naru.log.store;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.CompactionFixture;
import dev.naru.log.LogCompaction;
import dev.naru.log.LogFixture;
import dev.naru.log.Pace;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.FaultyDisk;
import dev.naru.log.disk.FaultyDisk.Operation;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A log is put away in the middle of a pass. Latches let one thread at a time do something with the
 * disk in memory.
 */
class CompactionOfAClosingLogTest {

  /** For what takes no time at all unless it never ends. */
  private static final Duration SOON = Duration.ofSeconds(20);

  private final CrashableDisk platter = LogFixture.formatted();
  private final FaultyDisk disk = new FaultyDisk(platter);
  private final LogStore store = LogFixture.open(disk);
  private final PartitionLog other = store.create(partition(1), LogFixture.SMALL);
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final CountDownLatch isThere = new CountDownLatch(1);
  private final CountDownLatch mayGoOn = new CountDownLatch(1);

  @AfterEach
  void letGo() {
    mayGoOn.countDown();
  }

  @Test
  void whoClosesALogDoesNotWaitForThePaceOfItsPass() throws InterruptedException {
    dirtyLog();
    var pass =
        compact(bytes -> {
          if (platter.files("").stream().anyMatch(name -> name.endsWith(".log.new"))) {
            stay();
          }
        });
    assertThat(isThere.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();

    var closing =
        Thread.ofPlatform()
            .start(() ->
                store.setAside(
                    partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "deleted"));
    assertThat(closing.join(SOON)).isTrue();
    commit(other);
    mayGoOn.countDown();

    assertThat(pass.join(SOON)).isTrue();
    assertThat(heard).isEmpty();
    commit(other); // the directory is in use as before
  }

  @Test
  void whoClosesALogDoesNotWaitForTheForceOfASegment() throws InterruptedException {
    dirtyLog();
    stayInForceOf(".log.new");
    var pass = compact(bytes -> {});
    assertThat(isThere.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();

    var closing =
        Thread.ofPlatform()
            .start(() ->
                store.setAside(
                    partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "deleted"));
    assertThat(closing.join(SOON)).isTrue();
    mayGoOn.countDown();

    assertThat(pass.join(SOON)).isTrue();
    assertThat(heard).isEmpty();
    commit(other); // the directory is in use as before
  }

  @Test
  void whoLooksForALogDoesNotWaitForTheOneThatAnotherThreadHas() throws InterruptedException {
    dirtyLog();
    stayInForceOf(".seal.new");
    var compactor = compactor(bytes -> {});
    var pass = Thread.ofPlatform().start(compactor::compactOne);
    assertThat(isThere.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();

    var looking = Thread.ofPlatform().start(compactor::compactOne);
    assertThat(looking.join(SOON)).isTrue();
    mayGoOn.countDown();

    assertThat(pass.join(SOON)).isTrue();
  }

  @Test
  void groupCommitsOfOtherLogsGoOnWhileAStepOfThePassIsWaitedFor() throws InterruptedException {
    dirtyLog();
    stayInForceOf(".seal.new");
    var pass = compact(bytes -> {});
    assertThat(isThere.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();

    var closing =
        Thread.ofPlatform()
            .start(() ->
                store.setAside(
                    partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "deleted"));
    while (closing.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait(); // it has to wait for the force
    }
    var committing = Thread.ofPlatform().start(() -> commit(other));
    assertThat(committing.join(SOON)).isTrue();
    assertThat(closing.isAlive()).isTrue();
    mayGoOn.countDown();

    assertThat(closing.join(SOON)).isTrue();
    assertThat(pass.join(SOON)).isTrue();
    assertThat(other.isDurable()).isTrue();
  }

  private void dirtyLog() {
    var log = store.create(partition(0), CompactionFixture.compacted(LogFixture.SMALL, 1_000));
    for (int i = 0; i < 50; i++) {
      LogFixture.append(log, 5, 1);
    }
    LogFixture.force(store, log);
    log.noteHighWatermark(log.end());
  }

  private void commit(PartitionLog log) {
    LogFixture.append(log, 5, 1);
    LogFixture.force(store, log);
  }

  private void stay() {
    isThere.countDown();
    try {
      assertThat(mayGoOn.await(2 * SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void stayInForceOf(String nameEnd) {
    disk.failWhen((operation, name) -> {
      if (operation == Operation.FORCE && name.endsWith(nameEnd)) {
        stay();
      }
      return Optional.empty();
    });
  }

  private Thread compact(Pace pace) {
    return Thread.ofPlatform().start(compactor(pace)::compactOne);
  }

  private Compactor compactor(Pace pace) {
    return new Compactor(
        store,
        (partition, segments) -> CompletableFuture.completedFuture(false),
        new Heard(),
        1 << 16,
        new byte[] {1},
        pace,
        () -> NOW_MILLIS);
  }

  private final class Heard implements Compactor.Witness {

    @Override
    public void compacted(PartitionId partition, LogCompaction pass) {
      heard.add("compacted");
    }

    @Override
    public void putOff(PartitionId partition, String why) {
      heard.add("put off");
    }

    @Override
    public void uncleanable(PartitionId partition, RuntimeException fault) {
      heard.add("uncleanable " + fault);
    }

    @Override
    public void damaged(LogDamagedException damage) {
      heard.add("damaged");
    }
  }
}
