package dev.naru.broker.partition;

import static dev.naru.broker.partition.OnePartition.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.partition.Outside.Answer;
import dev.naru.broker.partition.PartitionInput.ImageApplied;
import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.PartitionEvent.DuplicateMet;
import dev.naru.broker.replica.PartitionEvent.SequenceReused;
import dev.naru.broker.replica.ToFollower.TruncateOrder;
import dev.naru.log.disk.DiskSpace;
import dev.naru.log.disk.FaultyDisk.Operation;
import dev.naru.log.disk.SpaceRule;
import dev.naru.log.epoch.EpochEnd;
import dev.naru.metadata.image.MessageTimestamp;
import dev.naru.metadata.image.TopicSettings;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a partition does with batches that producers number, and send again. */
class DuplicatesTest {

  private static final long PRODUCER = 7L << 24;

  @Test
  void storesOnceWhatIsSentTwice() {
    var one = OnePartition.alone();
    long first = one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 1);
    one.settleAndForce();

    long again = one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 2);

    assertThat(one.outside.answers).containsExactly(stored(first, 0), stored(again, 0));
    assertThat(one.log.end()).isEqualTo(3);
    assertThat(one.outside.events).contains(new DuplicateMet(0));
  }

  /** The first copy may yet be cut, and then nothing would be stored that was acknowledged. */
  @Test
  void answersADuplicateNotBeforeTheFirstCopyIsCommitted() {
    var one = OnePartition.leadingTwo();
    long first = one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 1);
    long second = one.produce(Acks.ALL, numbered(PRODUCER, 3, 3), 1);
    long again = one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 2);
    one.settleAndForce();
    assertThat(one.outside.answers).isEmpty();

    one.ack(3);
    assertThat(one.outside.answers).containsExactly(stored(first, 0), stored(again, 0));
    one.ack(6);

    assertThat(one.outside.answers).endsWith(stored(second, 3));
    assertThat(one.log.end()).isEqualTo(6);
  }

  @Test
  void knowsABatchAgainThatWasAppendedInAnEarlierReign() {
    var one = OnePartition.leadingTwo();
    long first = one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 1);
    one.image(one.assignment.withLeader(0));
    one.image(one.assignment.withLeader(1));
    assertThat(one.outside.answers).containsExactly(refused(first, ErrorCode.NOT_LEADER));

    long again = one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 2);
    one.settleAndForce();
    assertThat(one.outside.answers).hasSize(1);
    one.subscribe(3, 1_000);
    one.ack(3);

    assertThat(one.outside.answers).endsWith(stored(again, 0));
    assertThat(one.log.end()).isEqualTo(3);
  }

  @Test
  void knowsABatchAgainAfterARestart() {
    var before = OnePartition.alone();
    before.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 1);
    before.settleAndForce();

    var one = before.restarted();
    one.image(one.assignment.withLeader(1));
    one.settleAndForce();
    long again = one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 2);
    one.settleAndForce();

    assertThat(one.outside.answers).containsExactly(stored(again, 0));
    assertThat(one.log.end()).isEqualTo(3);
  }

  /** A copy that is gone is no copy. */
  @Test
  void takesABatchAgainThatWasCut() {
    var one = OnePartition.leadingTwo();
    one.produce(Acks.LEADER, 2);
    one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 1);
    var led = one.epoch();
    one.image(one.assignment.withLeader(2));
    one.fromLeader(new TruncateOrder(one.subscription(), one.epoch(), new EpochEnd(led, 2)));
    assertThat(one.log.end()).isEqualTo(2);

    one.image(one.assignment.withLeader(1).withIsr(1).withMinInsync(1));
    long again = one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 2);
    one.settleAndForce();

    assertThat(one.outside.answers).endsWith(stored(again, 2));
    assertThat(one.log.end()).isEqualTo(5);
  }

  @Test
  void knowsADuplicateAlsoWhileTooFewAreInSync() {
    var one = OnePartition.leadingTwo();
    one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 1);
    one.image(one.assignment.withIsr(1));

    long again = one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 2);
    long next = one.produce(Acks.ALL, numbered(PRODUCER, 3, 3), 2);
    assertThat(one.outside.answers).containsExactly(refused(next, ErrorCode.NOT_ENOUGH_REPLICAS));
    one.pass(Duration.ofSeconds(30));

    assertThat(one.outside.answers)
        .endsWith(refused(again, ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND));
    assertThat(one.outside.notAppended).containsExactly(next);
  }

  @Test
  void needsNoRoomOnTheDiskForADuplicate() {
    var one = OnePartition.alone();
    one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 1);
    one.settleAndForce();
    one.disk.fill(new DiskSpace(1L << 10, 1L << 30));
    one.directory.lookAtSpace(new SpaceRule(0.95));

    long again = one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 2);
    long next = one.produce(Acks.ALL, numbered(PRODUCER, 3, 3), 2);

    assertThat(one.outside.answers).endsWith(stored(again, 0), refused(next, ErrorCode.DISK_FULL));
  }

  @Test
  void refusesWhatDoesNotComeInItsTurnAndWhatIsBehindIt() {
    var one = OnePartition.alone();
    one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 1);
    one.settleAndForce();

    long gap = one.produce(Acks.ALL, numbered(PRODUCER, 5, 3), 1);
    long behind = one.produce(Acks.ALL, numbered(PRODUCER, 3, 3), 1);
    long stranger = one.produce(Acks.ALL, numbered(PRODUCER + 1, 5, 3), 2);

    assertThat(one.outside.answers)
        .endsWith(
            refused(gap, ErrorCode.OUT_OF_ORDER_SEQUENCE),
            refused(behind, ErrorCode.TOO_MANY_REQUESTS),
            refused(stranger, ErrorCode.UNKNOWN_PRODUCER_ID));
    assertThat(one.outside.notAppended).containsExactly(gap, behind, stranger);
    assertThat(one.log.end()).isEqualTo(3);
  }

  @Test
  void takesOtherRecordsForNoDuplicate() {
    var one = OnePartition.alone();
    one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 1);
    one.settleAndForce();

    long other = one.produce(Acks.ALL, numbered(PRODUCER, 0, 3, new byte[] {1}), 2);

    assertThat(one.outside.answers).endsWith(refused(other, ErrorCode.OUT_OF_ORDER_SEQUENCE));
    assertThat(one.outside.events).hasAtLeastOneElementOfType(SequenceReused.class);
  }

  /** The time changes the batch's checksum, not whose it is. */
  @Test
  void knowsADuplicateThatTheTopicStamped() {
    var one = new OnePartition();
    var alone = one.assignment.withIsr(1).withMinInsync(1);
    one.take(new ImageApplied(stamping(alone.build())));
    long first = one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 1);
    one.settleAndForce();

    long again = one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 2);

    assertThat(one.outside.answers).containsExactly(stored(first, 0), stored(again, 0));
    assertThat(one.outside.stamped).as("told of a time").containsExactly(first);
    assertThat(one.log.end()).isEqualTo(3);
  }

  @Test
  void answersNobodyWhoAsksForNoAnswerForADuplicateEither() {
    var one = OnePartition.alone();
    one.produce(Acks.NONE, numbered(PRODUCER, 0, 3), 1);
    one.produce(Acks.NONE, numbered(PRODUCER, 0, 3), 1);
    one.produce(Acks.NONE, numbered(PRODUCER, 9, 3), 1);
    one.settleAndForce();

    assertThat(one.outside.answers).isEmpty();
    assertThat(one.log.end()).isEqualTo(3);
  }

  // ---- what proves that nothing was appended

  /** What it refuses at the end of its reign is in its log, and the next leader may have it. */
  @Test
  void provesNothingWhenItStopsLeading() {
    var one = OnePartition.leadingTwo();
    one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 1);

    one.image(one.assignment.withLeader(2));
    long late = one.produce(Acks.ALL, numbered(PRODUCER, 3, 3), 2);

    assertThat(one.outside.answers)
        .hasSize(2)
        .allMatch(answer -> answer.refused().equals(Optional.of(ErrorCode.NOT_LEADER)));
    assertThat(one.outside.notAppended).containsExactly(late);
  }

  @Test
  void provesNothingAtTheDeadline() {
    var one = OnePartition.leadingTwo();
    one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 1);

    one.pass(Duration.ofSeconds(30));

    assertThat(one.outside.answers).hasSize(1);
    assertThat(one.outside.notAppended).isEmpty();
  }

  /** Some of it may have got to the disk. */
  @Test
  void provesNothingWhenTheWriteFailed() {
    var one = OnePartition.leadingTwo();
    one.disk.fail(Operation.WRITE, ".log");

    one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 1);

    assertThat(one.outside.answers).hasSize(1);
    assertThat(one.outside.notAppended).isEmpty();
  }

  private static PartitionAssignment stamping(PartitionAssignment assignment) {
    var settings = assignment.settings();
    return new PartitionAssignment(
        assignment.id(),
        assignment.imageIndex(),
        assignment.entry(),
        new TopicSettings(
            settings.retentionMillis(),
            settings.retentionBytes(),
            settings.segmentBytes(),
            settings.segmentMillis(),
            settings.maxMessageBytes(),
            MessageTimestamp.LOG_APPEND_TIME,
            settings.timestampBounds(),
            settings.cleanup(),
            settings.compaction(),
            settings.minInsync(),
            settings.flush(),
            settings.recoveryMode(),
            settings.recoveryWaitMillis()),
        assignment.replicas());
  }

  private static Answer stored(long request, long offset) {
    return new Answer(request, OptionalLong.of(offset), Optional.empty());
  }

  private static Answer refused(long request, ErrorCode code) {
    return new Answer(request, OptionalLong.empty(), Optional.of(code));
  }
}
