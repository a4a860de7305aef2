package dev.naru.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.LeaderEffect.AnswerProduce;
import dev.naru.broker.replica.LeaderEffect.Append;
import dev.naru.broker.replica.LeaderEffect.AwaitCommit;
import dev.naru.broker.replica.LeaderEffect.RefuseProduce;
import dev.naru.broker.replica.LeaderInput.Produced;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
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

    assertThat(code(leading.step(new Produced(large)))).isEqualTo(ErrorCode.RECORD_TOO_LARGE);
  }

  private static List<LeaderEffect> knowing(Leading leading, int epoch) {
    return leading.step(new Produced(leading.asked(Acks.ALL, Optional.of(new LeaderEpoch(epoch)))));
  }

  private static ErrorCode code(List<LeaderEffect> effects) {
    assertThat(effects).hasSize(1);
    return ((RefuseProduce) effects.getFirst()).why().code();
  }
}
