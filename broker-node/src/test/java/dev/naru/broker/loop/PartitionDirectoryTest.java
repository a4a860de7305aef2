package dev.naru.broker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.partition.FetchKey;
import dev.naru.broker.partition.Replies;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.broker.replica.LedCluster;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.ProduceKey;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ImageDelta;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.log.Applied;
import dev.naru.testing.Eventually;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PartitionDirectoryTest {

  private final List<String> done = new CopyOnWriteArrayList<>();
  private final CountDownLatch mayTurn = new CountDownLatch(1);

  /** Else the log that has just been opened would be put away. */
  @Test
  void aReplicaThatIsGivenBackAtOnceIsOpenedWhenTheOldOneHasBeenPutAway() {
    giveTakeAndGiveBack(new Recorded());

    assertThat(done).containsExactly("open", "put away", "open");
  }

  @Test
  void aStepThatFailsStopsNoneOfThoseBehindIt() {
    giveTakeAndGiveBack(
        new Recorded() {
          @Override
          public void putAway(PartitionId partition, boolean isTopicDeleted) {
            super.putAway(partition, isTopicDeleted);
            throw new IllegalStateException("No room to put it");
          }
        });

    assertThat(done).containsExactly("open", "put away", "open");
  }

  @Test
  void manyThatComeTogetherAreOpenedInTheirTurn() {
    var none = ClusterImage.empty("cluster").withNode(LedCluster.node(1, NodeState.ACTIVE));
    mayTurn.countDown();
    try (var loops = loops()) {
      show(
          new PartitionDirectory(new NodeId(1), loops, new Recorded()),
          none,
          LedCluster.of(1, 64, 1));
      assertThat(done).hasSize(64).containsOnly("open");

      done.clear();
      show(
          new PartitionDirectory(new NodeId(1), loops, new Recorded()),
          none,
          LedCluster.of(1, 65, 1));
      assertThat(done).hasSize(65).containsOnly("open in turn");
    }
  }

  private void giveTakeAndGiveBack(PartitionDirectory.Opener opener) {
    var with = LedCluster.of(1, 1, 1);
    var without = ClusterImage.empty("cluster").withNode(LedCluster.node(1, NodeState.ACTIVE));
    try (var loops = loops()) {
      var directory = new PartitionDirectory(new NodeId(1), loops, opener);
      show(directory, without, with);
      show(directory, with, without);
      show(directory, without, with);

      assertThat(done).containsExactly("open");
      mayTurn.countDown();

      Eventually.allowing("a turn of the loop", Duration.ofSeconds(1))
          .until("it is opened again", () -> done.size() == 3);
    }
  }

  private LoopGroup loops() {
    return LoopGroup.start(
        1,
        () -> 0,
        loop -> new Thread(() -> runOnceAllowed(loop)),
        new NoReplies(),
        (PartitionSeat seat, RuntimeException fault) -> {},
        1 << 20);
  }

  private void runOnceAllowed(Runnable loop) {
    try {
      mayTurn.await();
      loop.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void show(PartitionDirectory directory, ClusterImage before, ClusterImage after) {
    directory.imageChanged(ImageDelta.between(before, after), new Applied(1, after));
  }

  private class Recorded implements PartitionDirectory.Opener {
    @Override
    public void open(PartitionAssignment assignment, PartitionDirectory.Place place) {
      done.add("open");
    }

    @Override
    public void openInTurn(PartitionAssignment assignment, PartitionDirectory.Place place) {
      done.add("open in turn");
    }

    @Override
    public void putAway(PartitionId partition, boolean isTopicDeleted) {
      done.add("put away");
    }
  }

  private static final class NoReplies implements Replies {
    @Override
    public void produced(ProduceKey key, long firstOffset, OptionalLong appendMillis) {}

    @Override
    public void refused(
        ProduceKey key, Refused why, Appended appended, Optional<KnownLeader> leader) {}

    @Override
    public void fetchReady(FetchKey key) {}
  }
}
