package dev.naru.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.LeaderEffect.AnswerProduce;
import dev.naru.broker.replica.LeaderEffect.Append;
import dev.naru.broker.replica.LeaderEffect.AwaitCommit;
import dev.naru.broker.replica.LeaderEffect.RefuseProduce;
import dev.naru.broker.replica.LeaderEffect.Report;
import dev.naru.broker.replica.LeaderInput.Produced;
import dev.naru.broker.replica.PartitionEvent.SequenceRefused;
import dev.naru.broker.replica.PartitionEvent.SequenceReused;
import dev.naru.log.producer.Verdict;
import dev.naru.log.producer.Verdict.Contradiction;
import dev.naru.log.producer.Verdict.Duplicate;
import dev.naru.log.producer.Verdict.Fresh;
import dev.naru.log.producer.Verdict.Refusal;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Step 12: what is appended and when it is answered. */
class AdmissionTest {

  @Test
  void answersAtOnceWhoAsksForTheLeaderOnly() {
    var leading = Leading.inSync(Assignments.led());

    assertThat(leading.produce(Acks.LEADER, 10))
        .singleElement()
        .isInstanceOfSatisfying(
            AnswerProduce.class, answer -> assertThat(answer.firstOffset()).isEqualTo(100));
  }

  @Test
  void makesWaitWhoAsksForAll() {
    var leading = Leading.inSync(Assignments.led());

    assertThat(leading.produce(Acks.ALL, 10))
        .singleElement()
        .isInstanceOfSatisfying(AwaitCommit.class, await -> assertThat(await.end()).isEqualTo(110));
  }

  @Test
  void answersNobodyWhoAsksForNoAnswer() {
    assertThat(Leading.inSync(Assignments.led()).produce(Acks.NONE, 10)).isEmpty();
  }

  @Test
  @Tag("S63")
  void refusesToAppendForAllWithTooFewInSync() {
    var leading = Leading.inSync(Assignments.led());
    leading.image(Assignments.led().withIsr(1).withIneligible(2, 3));

    assertThat(code(leading.produce(Acks.ALL, 10))).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
    assertThat(leading.produce(Acks.LEADER, 10)).hasOnlyElementsOfType(AnswerProduce.class);
  }

  @Test
  @Tag("S63")
  void tellsThatTheIsrFellBelowTheMinimumWhileABatchWaited() {
    var leading = Leading.inSync(Assignments.led());
    leading.produce(Acks.ALL, 10);
    assertThat(leading.leader.whyNotCommitted().code()).isEqualTo(ErrorCode.REQUEST_TIMEOUT);

    leading.image(Assignments.led().withIsr(1));

    assertThat(leading.leader.whyNotCommitted().code())
        .isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
  }

  @Test
  void refusesAnotherLeaderEpochThanItsOwn() {
    var leading = Leading.inSync(Assignments.led());

    assertThat(code(knowing(leading, 4))).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
    assertThat(code(knowing(leading, 6))).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
    assertThat(knowing(leading, 5)).hasOnlyElementsOfType(Append.class);
  }

  @Test
  void refusesABatchThatIsLargerThanTheTopicAllows() {
    var leading = Leading.inSync(Assignments.led());
    var asked = leading.asked(Acks.LEADER, Optional.empty());
    var large =
        new ProduceAsked(
            asked.key(), asked.acks(), asked.knownEpoch(), Leading.batch((1 << 20) + 1), 0, 0);

    assertThat(code(leading.step(new Produced(large, new Fresh()))))
        .isEqualTo(ErrorCode.RECORD_TOO_LARGE);
  }

  // ---- what the ledger of producers says

  @Test
  void answersAtOnceForABatchThatIsCommitted() {
    var leading = Leading.inSync(Assignments.led());

    assertThat(acted(leading.produce(Acks.ALL, new Duplicate(80, 90))))
        .containsExactly(new AnswerProduce(leading.lastAsked, 80, true));
  }

  @Test
  void makesADuplicateWaitForTheCommitOfTheFirstCopy() {
    var leading = Leading.of(Assignments.led());
    leading.produce(Acks.ALL, 10);

    assertThat(acted(leading.produce(Acks.ALL, new Duplicate(100, 110))))
        .containsExactly(new AwaitCommit(leading.lastAsked, 100, 110, true));
  }

  @Test
  void appendsNoDuplicateForWhomeverItAsks() {
    var leading = Leading.inSync(Assignments.led());

    assertThat(acted(leading.produce(Acks.LEADER, new Duplicate(80, 90))))
        .containsExactly(new AnswerProduce(leading.lastAsked, 80, true));
    assertThat(acted(leading.produce(Acks.NONE, new Duplicate(80, 90)))).isEmpty();
  }

  /** What is there needs no other replica to be stored, only to be committed. */
  @Test
  void knowsADuplicateAlsoWithTooFewInSync() {
    var leading = Leading.inSync(Assignments.led());
    leading.produce(Acks.ALL, 10);
    leading.image(Assignments.led().withIsr(1).withIneligible(2, 3));

    assertThat(acted(leading.produce(Acks.ALL, new Duplicate(100, 110))))
        .containsExactly(new AwaitCommit(leading.lastAsked, 100, 110, true));
  }

  /** A topic may have come to allow less since the first copy was taken. */
  @Test
  void knowsADuplicateThatWouldBeTooLargeByNow() {
    var leading = Leading.inSync(Assignments.led());
    var asked = leading.asked(Acks.ALL, Optional.empty());
    var large =
        new ProduceAsked(
            asked.key(), asked.acks(), asked.knownEpoch(), Leading.batch((1 << 20) + 1), 0, 0);

    assertThat(acted(leading.step(new Produced(large, new Duplicate(80, 90)))))
        .containsExactly(new AnswerProduce(large, 80, true));
  }

  @Test
  void speaksOfDuplicatesOnlyUnderItsOwnLeaderEpoch() {
    var leading = Leading.inSync(Assignments.led());

    assertThat(code(knowing(leading, 4, new Duplicate(80, 90))))
        .isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
  }

  @Test
  void refusesWhatDoesNotComeInItsTurn() {
    var leading = Leading.inSync(Assignments.led());
    var gap = new Refused(ErrorCode.OUT_OF_ORDER_SEQUENCE, "Expected 5, but was 7");

    var effects = leading.produce(Acks.ALL, new Refusal(gap));

    assertThat(effects)
        .containsExactly(
            new Report(new SequenceRefused(gap)), new RefuseProduce(leading.lastAsked, gap));
  }

  @Test
  void tellsOfOtherRecordsUnderTheSameNumbers() {
    var leading = Leading.inSync(Assignments.led());
    var reused = new Refused(ErrorCode.OUT_OF_ORDER_SEQUENCE, "Expected the same, but was not");

    var effects = leading.produce(Acks.ALL, new Contradiction(reused));

    assertThat(effects)
        .containsExactly(
            new Report(new SequenceReused(reused)), new RefuseProduce(leading.lastAsked, reused));
  }

  /** Waiting mends nothing that is wrong with a number. */
  @Test
  void saysWhatIsWrongWithANumberBeforeItSaysThatTooFewAreInSync() {
    var leading = Leading.inSync(Assignments.led());
    leading.image(Assignments.led().withIsr(1).withIneligible(2, 3));
    var unknown = new Refused(ErrorCode.UNKNOWN_PRODUCER_ID, "Expected sequence 0, but was 3");

    assertThat(acted(leading.produce(Acks.ALL, new Refusal(unknown))))
        .containsExactly(new RefuseProduce(leading.lastAsked, unknown));
    assertThat(code(leading.produce(Acks.ALL, new Fresh())))
        .isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
  }

  private static List<LeaderEffect> acted(List<LeaderEffect> effects) {
    return effects.stream().filter(effect -> !(effect instanceof Report)).toList();
  }

  private static List<LeaderEffect> knowing(Leading leading, int epoch) {
    return knowing(leading, epoch, new Fresh());
  }

  private static List<LeaderEffect> knowing(Leading leading, int epoch, Verdict verdict) {
    var asked = leading.asked(Acks.ALL, Optional.of(new LeaderEpoch(epoch)));
    return leading.step(new Produced(asked, verdict));
  }

  private static ErrorCode code(List<LeaderEffect> effects) {
    assertThat(effects).hasSize(1);
    return ((RefuseProduce) effects.getFirst()).why().code();
  }
}
