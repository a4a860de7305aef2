package dev.naru.log.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.producer.ProducerLedger.Truncated;
import dev.naru.log.producer.Verdict.Contradiction;
import dev.naru.log.producer.Verdict.Duplicate;
import dev.naru.log.producer.Verdict.Fresh;
import dev.naru.log.producer.Verdict.Refusal;
import dev.naru.record.BatchHeader;
import dev.naru.types.ErrorCode;
import org.junit.jupiter.api.Test;

class ProducerLedgerTest {

  private static final long ID = 7L << 24 | 1;
  private static final int LAST = Integer.MAX_VALUE;

  private final ProducerLedger ledger = ProducerLedger.emptyAt(0);
  private long end;
  private int crc = 1000;

  @Test
  void letsBatchesWithoutNumbersPassAndForgetsThem() {
    assertThat(ledger.judge(Stamped.plain(3, 0))).isEqualTo(new Fresh());

    ledger.note(Stamped.plain(3, 0));

    assertThat(ledger.size()).isZero();
  }

  @Test
  void letsAnUnknownProducerBeginAtZeroOnly() {
    assertThat(judge(ID, 0, 0, 2)).isEqualTo(new Fresh());
    assertRefused(judge(ID, 0, 2, 2), ErrorCode.UNKNOWN_PRODUCER_ID);
    assertThat(ledger.size()).as("nobody is noted by a question").isZero();
  }

  @Test
  void letsAnUnknownProducerBeginInAnyEpoch() {
    assertThat(judge(ID, 5, 0, 1)).isEqualTo(new Fresh());
  }

  @Test
  void refusesAnEarlierEpoch() {
    append(ID, 3, 0, 2);

    assertRefused(judge(ID, 2, 2, 1), ErrorCode.PRODUCER_FENCED);
    assertRefused(judge(ID, 2, 0, 2), ErrorCode.PRODUCER_FENCED);
  }

  @Test
  void letsALaterEpochBeginAtZeroOnly() {
    append(ID, 0, 0, 2);

    assertThat(judge(ID, 1, 0, 1)).isEqualTo(new Fresh());
    assertRefused(judge(ID, 1, 2, 1), ErrorCode.OUT_OF_ORDER_SEQUENCE);
  }

  @Test
  void forgetsTheNumbersOfTheEpochBefore() {
    append(ID, 0, 0, 2);
    append(ID, 1, 0, 3);

    assertThat(ledger.state(ID).orElseThrow().runs()).hasSize(1);
    assertThat(judge(ID, 1, 3, 1)).isEqualTo(new Fresh());
    assertRefused(judge(ID, 0, 0, 2), ErrorCode.PRODUCER_FENCED);
  }

  @Test
  void knowsEachOfTheLastFiveBatchesAgainByItsOffsets() {
    var batches = new BatchHeader[6];
    for (int i = 0; i < 6; i++) {
      batches[i] = append(ID, 0, 3 * i, 3);
    }

    for (int i = 1; i < 6; i++) {
      assertThat(ledger.judge(again(batches[i]))).isEqualTo(new Duplicate(3L * i, 3L * i + 3));
    }
    assertRefused(ledger.judge(again(batches[0])), ErrorCode.DUPLICATE_SEQUENCE);
  }

  @Test
  void findsABatchInsideARunWhoseChecksumNobodyKnows() {
    note(Stamped.compacted(ID, 0, 0, 30, 0, 5, 0));

    assertThat(judge(ID, 0, 10, 10)).isEqualTo(new Duplicate(10, 20));
    assertThat(judge(ID, 0, 30, 1)).isEqualTo(new Fresh());
    assertRefused(judge(ID, 0, 25, 10), ErrorCode.OUT_OF_ORDER_SEQUENCE);
  }

  /** 2³¹ numbers later: all that is behind it has been given by then, some of it to the run. */
  @Test
  void letsWhatIsNextPassThoughAMergedRunHasItsNumbers() {
    note(Stamped.compacted(ID, 0, 5, LAST - 4, 0, 5, 0));
    var across = append(ID, 0, 0, 10);

    assertThat(judge(ID, 0, 10, 3)).isEqualTo(new Fresh());

    var next = append(ID, 0, 10, 3);
    assertThat(ledger.judge(again(next)))
        .isEqualTo(new Duplicate(next.baseOffset(), next.nextOffset()));
    assertThat(ledger.judge(again(across)))
        .isEqualTo(new Duplicate(across.baseOffset(), across.nextOffset()));
  }

  @Test
  void countsTheNumbersThatABatchHadNotTheRecordsThatAreLeft() {
    note(Stamped.compacted(ID, 0, 0, 10, 0, 5, 2));

    assertThat(ledger.state(ID).orElseThrow().nextSequence()).isEqualTo(10);
    assertThat(judge(ID, 0, 0, 10)).isEqualTo(new Duplicate(0, 10));
  }

  @Test
  void takesOtherRecordsUnderTheSameNumbersForNoDuplicate() {
    append(ID, 0, 0, 2);

    var verdict = ledger.judge(Stamped.batch(ID, 0, 0, 2, 0, -1));

    assertThat(verdict).isInstanceOf(Contradiction.class);
    assertThat(((Contradiction) verdict).why().code()).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE);
  }

  @Test
  void takesAPartOfABatchForNoDuplicateOfIt() {
    append(ID, 0, 0, 4);

    assertThat(judge(ID, 0, 1, 2)).isInstanceOf(Contradiction.class);
  }

  @Test
  void doesNotCompareTheChecksumOfABatchThatTheLeaderStamped() {
    note(Stamped.stampedByLeader(ID, 0, 0, 2, 0, 5));

    assertThat(judge(ID, 0, 0, 2)).isEqualTo(new Duplicate(0, 2));
  }

  @Test
  void refusesAGap() {
    append(ID, 0, 0, 2);

    assertThat(judge(ID, 0, 2, 1)).isEqualTo(new Fresh());
    assertRefused(judge(ID, 0, 3, 1), ErrorCode.OUT_OF_ORDER_SEQUENCE);
    assertRefused(judge(ID, 0, 1, 4), ErrorCode.OUT_OF_ORDER_SEQUENCE);
  }

  @Test
  void goesOnAtZeroAfterTheLastNumber() {
    note(Stamped.batch(ID, 0, LAST - 2, 2, 0, 1));
    var across = append(ID, 0, LAST, 3);

    assertThat(ledger.state(ID).orElseThrow().nextSequence()).isEqualTo(2);
    assertThat(ledger.judge(again(across))).isEqualTo(new Duplicate(2, 5));
    assertThat(judge(ID, 0, 2, 1)).isEqualTo(new Fresh());
    assertRefused(judge(ID, 0, 4, 1), ErrorCode.OUT_OF_ORDER_SEQUENCE);
    assertRefused(judge(ID, 0, LAST - 9, 3), ErrorCode.DUPLICATE_SEQUENCE);
  }

  @Test
  void goesOnAtZeroWhenABatchEndsWithTheLastNumber() {
    append(ID, 0, LAST - 1, 2);

    assertThat(judge(ID, 0, 0, 1)).isEqualTo(new Fresh());
  }

  @Test
  void notesWhatTheLogHoldsWhateverItsNumbersAre() {
    append(ID, 3, 0, 2);
    append(ID, 3, 9, 2);
    assertThat(ledger.state(ID).orElseThrow().runs()).hasSize(1);
    assertThat(ledger.state(ID).orElseThrow().nextSequence()).isEqualTo(11);

    append(ID, 1, 4, 2);

    assertThat(ledger.state(ID).orElseThrow().epoch()).isEqualTo((short) 1);
    assertThat(ledger.state(ID).orElseThrow().nextSequence()).isEqualTo(6);
  }

  @Test
  void leavesProducersAlone() {
    append(ID, 0, 0, 2);
    append(ID + 1, 0, 0, 3);
    append(ID, 0, 2, 2);

    assertThat(judge(ID + 1, 0, 3, 1)).isEqualTo(new Fresh());
    assertThat(judge(ID, 0, 4, 1)).isEqualTo(new Fresh());
  }

  @Test
  void takesBackWhatWasCut() {
    append(ID, 0, 0, 2);
    var before = ledger.states();
    append(ID, 0, 2, 2);
    append(ID, 1, 0, 2);
    append(ID + 1, 0, 0, 2);

    assertThat(ledger.truncateTo(2)).isEqualTo(Truncated.DONE);

    assertThat(ledger.states()).isEqualTo(before);
    assertThat(judge(ID, 0, 2, 2)).isEqualTo(new Fresh());
  }

  @Test
  void takesBackTheBatchThatPushedTheOldestOut() {
    for (int i = 0; i < 6; i++) {
      append(ID, 0, i, 1);
    }

    assertThat(ledger.truncateTo(5)).isEqualTo(Truncated.DONE);

    assertThat(ledger.state(ID).orElseThrow().runs().getFirst().firstSequence()).isZero();
  }

  @Test
  void doesNotTakeBackWhatIsCommitted() {
    append(ID, 0, 0, 2);
    append(ID, 0, 2, 2);
    ledger.committed(2);

    assertThat(ledger.truncateTo(0)).isEqualTo(Truncated.BELOW_UNDO);
    assertThat(ledger.truncateTo(2)).isEqualTo(Truncated.DONE);
    assertThat(judge(ID, 0, 2, 2)).isEqualTo(new Fresh());
  }

  @Test
  void takesBackNoMoreThanItKeeps() {
    for (int i = 0; i <= ProducerLedger.UNDO_MAX; i++) {
      append(ID, 0, i, 1);
    }

    assertThat(ledger.truncateTo(0)).isEqualTo(Truncated.BELOW_UNDO);
    assertThat(ledger.truncateTo(1)).isEqualTo(Truncated.DONE);
    assertThat(ledger.state(ID).orElseThrow().nextSequence()).isEqualTo(1);
  }

  @Test
  void isVoidWhenTheLogIsCutBelowWhereItBegan() {
    append(ID, 0, 0, 2);
    var later = ProducerLedger.of(ledger.states(), 2);

    assertThat(later.truncateTo(0)).isEqualTo(Truncated.BELOW_UNDO);
    assertThat(later.truncateTo(2)).isEqualTo(Truncated.DONE);
  }

  @Test
  void forgetsWhoHasBeenSilentForTooLong() {
    append(ID, 0, 0, 1);
    ledger.age(8);
    append(ID + 1, 0, 0, 1);
    for (int i = 0; i < 7; i++) {
      assertThat(ledger.age(8)).isZero();
    }

    assertThat(ledger.age(8)).isEqualTo(1);

    assertRefused(judge(ID, 0, 1, 1), ErrorCode.UNKNOWN_PRODUCER_ID);
    assertThat(judge(ID + 1, 0, 1, 1)).isEqualTo(new Fresh());
  }

  @Test
  void refusesNewProducersWhileAllAreProtected() {
    var small = ProducerLedger.emptyFor(2);
    small.note(Stamped.batch(ID, 0, 0, 1, 0, 1));
    small.note(Stamped.batch(ID + 1, 0, 0, 1, 1, 1));
    var another = Stamped.batch(ID + 2, 0, 0, 1, 2, 1);

    assertRefused(small.judge(another), ErrorCode.TOO_MANY_REQUESTS);
    for (int i = 0; i <= ProducerLedger.PROTECTED_ERAS; i++) {
      small.age(100);
    }
    small.note(Stamped.batch(ID, 0, 1, 1, 2, 1)); // it is not the one that has been silent
    assertThat(small.judge(another)).isEqualTo(new Fresh());
    small.note(another);

    assertThat(small.size()).isEqualTo(2);
    assertThat(small.state(ID)).isPresent();
    assertThat(small.state(ID + 1)).isEmpty();
    var yetAnother = Stamped.batch(ID + 3, 0, 0, 1, 3, 1);
    assertRefused(small.judge(yetAnother), ErrorCode.TOO_MANY_REQUESTS);
  }

  /** It wrote when the first era was all but over: that one does not count. */
  @Test
  void protectsForWholeErasWhoWroteJustBeforeOneEnded() {
    var small = ProducerLedger.emptyFor(1);
    small.note(Stamped.batch(ID, 0, 0, 1, 0, 1));
    var another = Stamped.batch(ID + 1, 0, 0, 1, 1, 1);

    small.age(100);
    for (int whole = 0; whole < ProducerLedger.PROTECTED_ERAS; whole++) {
      assertRefused(small.judge(another), ErrorCode.TOO_MANY_REQUESTS);
      small.age(100);
    }

    assertThat(small.judge(another)).isEqualTo(new Fresh());
  }

  @Test
  void bringsBackWhomACutBatchHadPushedOut() {
    var small = ProducerLedger.emptyFor(2);
    for (int i = 0; i < 2; i++) {
      small.note(Stamped.batch(ID + i, 0, 0, 1, i, 1));
    }
    var before = small.states();
    small.note(Stamped.batch(ID + 2, 0, 0, 1, 2, 1));
    small.note(Stamped.batch(ID, 0, 0, 1, 3, 1)); // once more, and pushes the other one out

    assertThat(small.truncateTo(2)).isEqualTo(Truncated.DONE);

    assertThat(small.states()).isEqualTo(before);
  }

  @Test
  void notesOneMoreThanItHasRoomForInThePlaceOfTheEldest() {
    var small = ProducerLedger.emptyFor(2);
    for (int i = 0; i < 3; i++) {
      small.note(Stamped.batch(ID + i, 0, 0, 1, i, 1));
    }

    assertThat(small.size()).isEqualTo(2);
    assertThat(small.state(ID)).isEmpty();
  }

  /** Other logs need the room: whoever may be forgotten goes, and no more come. */
  @Test
  void givesUpTheEldestThatAreNotProtectedWhenItMayKnowFewer() {
    var room = new int[] {10};
    ledger.boundBy(() -> room[0]);
    for (int i = 0; i < 4; i++) {
      append(ID + i, 0, 0, 1);
    }
    for (int i = 0; i <= ProducerLedger.PROTECTED_ERAS; i++) {
      ledger.age(100);
    }
    append(ID + 4, 0, 0, 1);
    append(ID + 5, 0, 0, 1);

    room[0] = 3;
    assertThat(ledger.age(100)).isEqualTo(3);
    assertThat(ledger.states())
        .extracting(ProducerState::id)
        .containsExactly(ID + 3, ID + 4, ID + 5);
    room[0] = 1;
    assertThat(ledger.age(100)).isEqualTo(1);
    assertThat(ledger.size()).as("these are protected").isEqualTo(2);
    assertRefused(judge(ID + 6, 0, 0, 1), ErrorCode.TOO_MANY_REQUESTS);
    assertThat(judge(ID + 5, 0, 1, 1)).isEqualTo(new Fresh());
    append(ID + 6, 0, 0, 1); // by a leader that has more room
    assertThat(ledger.states()).extracting(ProducerState::id).containsExactly(ID + 5, ID + 6);
  }

  /** It was one batch of the leader's when the copy was told; the copy is given the rest of it. */
  @Test
  void tellsOfTheNumbersBelowWhatIsInsideAMergedRun() {
    append(ID, 0, 0, 5);
    note(Stamped.compacted(ID, 0, 5, 20, 5, 1, 0));
    append(ID + 1, 0, 0, 1);

    var copy = ProducerLedger.of(ledger.statesBelow(15), 15);
    assertThat(copy.state(ID).orElseThrow().nextSequence()).isEqualTo(15);
    assertThat(copy.state(ID + 1)).isEmpty();
    copy.note(Stamped.compacted(ID, 0, 15, 10, 15, 1, 0));

    assertThat(copy.judge(Stamped.batch(ID, 0, 6, 4, 0, 9))).isEqualTo(new Duplicate(6, 10));
    assertThat(copy.judge(Stamped.batch(ID, 0, 16, 4, 0, 9))).isEqualTo(new Duplicate(16, 20));
    assertThat(copy.judge(Stamped.batch(ID, 0, 25, 1, 0, 9))).isEqualTo(new Fresh());
  }

  @Test
  void isYoungAgainWhenItIsMadeOfStates() {
    append(ID, 0, 0, 1);
    for (int i = 0; i < 5; i++) {
      ledger.age(6);
    }

    var young = ProducerLedger.of(ledger.states(), 1);

    assertThat(young.age(6)).isZero();
    assertThat(young.state(ID)).isPresent();
  }

  private Verdict judge(long id, int epoch, int sequence, int count) {
    return ledger.judge(Stamped.batch(id, epoch, sequence, count, end, 1));
  }

  private BatchHeader append(long id, int epoch, int sequence, int count) {
    var batch = Stamped.batch(id, epoch, sequence, count, end, crc++);
    note(batch);
    return batch;
  }

  private void note(BatchHeader batch) {
    ledger.note(batch);
    end = batch.nextOffset();
  }

  /** As its producer sends it: at another offset, or none. */
  private static BatchHeader again(BatchHeader sent) {
    return Stamped.batch(
        sent.producerId(),
        sent.producerEpoch(),
        sent.baseSequence(),
        sent.lastOffsetDelta() + 1,
        0,
        sent.crc());
  }

  private static void assertRefused(Verdict verdict, ErrorCode code) {
    assertThat(verdict).isInstanceOf(Refusal.class);
    assertThat(((Refusal) verdict).why().code()).isEqualTo(code);
  }
}
