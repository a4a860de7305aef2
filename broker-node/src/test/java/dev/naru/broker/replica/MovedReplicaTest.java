package dev.naru.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.LeaderInput.Reassigned;
import dev.naru.metadata.image.Move;
import dev.naru.metadata.image.PartitionImage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Step 22: nobody waits for a replica that a move has added until it is there. */
class MovedReplicaTest {

  private static final Duration LAG_MAX = ReplicationConfig.DEFAULTS.lagMax();

  /** Nodes 1 and 2 are in sync, and hold 1,000 records more than when node 1 began to lead. */
  private final Leading leading = Leading.of(Assignments.led().withIsr(1, 2));

  MovedReplicaTest() {
    leading.subscribe(2, Leading.EPOCH_START);
    commit(1_000);
  }

  @Test
  void isNotWaitedForWhenAPartitionAtRestWakesUp() {
    leading.pass(LAG_MAX.plusSeconds(1));
    leading.nowNanos += Duration.ofMinutes(1).toNanos();
    move(false);
    leading.subscribe(3, Leading.EPOCH_START);
    leading.pass(Duration.ofMillis(100));
    leading.ack(3, Leading.EPOCH_START + 10);

    assertThat(isPaced()).isTrue();
    commit(10);
    assertThat(leading.leader.highWatermark()).isEqualTo(leading.end);
  }

  @Test
  void isNotWaitedForUnderALeaderThatHasJustBegun() {
    move(false);
    leading.subscribe(3, Leading.EPOCH_START);

    assertThat(isPaced()).isTrue();
    commit(10);
    assertThat(leading.leader.highWatermark()).isEqualTo(leading.end);
  }

  @Test
  void joinsOnceItHasReachedTheWatermark() {
    move(false);
    leading.subscribe(3, Leading.EPOCH_START);

    var effects = leading.ack(3, leading.end);

    assertThat(Leading.members(effects)).containsExactly(1, 2, 3);
    assertThat(isPaced()).isFalse();
  }

  /** What is to be thrown away is not sent faster than what is to stay. */
  @Test
  void staysPacedWhenItsMoveIsCancelled() {
    move(true);
    leading.subscribe(3, Leading.EPOCH_START);

    assertThat(isPaced()).isTrue();
  }

  private void commit(int records) {
    leading.produce(Acks.ALL, records);
    leading.forced();
    leading.ack(2, leading.end);
  }

  private boolean isPaced() {
    return leading.leader.isPaced(Assignments.node(3));
  }

  /** From nodes 1 and 2 to nodes 1 and 3. */
  private void move(boolean isReverting) {
    leading.assignment = leading.assignment.withIsr(1, 2);
    var plain = leading.assignment.build();
    var entry = plain.entry();
    var move =
        new Move(
            List.of(Assignments.node(1), Assignments.node(2)),
            List.of(Assignments.node(1), Assignments.node(3)),
            new UUID(1, 1),
            isReverting);
    leading.step(
        new Reassigned(
            new PartitionAssignment(
                plain.id(),
                plain.imageIndex(),
                new PartitionImage(
                    entry.replicas(),
                    entry.isr(),
                    entry.elr(),
                    entry.lastKnown(),
                    entry.leader(),
                    entry.leaderEpoch(),
                    entry.partitionEpoch(),
                    entry.losses(),
                    Optional.of(move)),
                plain.settings(),
                plain.replicas())));
  }
}
