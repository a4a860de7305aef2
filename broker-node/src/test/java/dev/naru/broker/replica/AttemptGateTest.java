package dev.naru.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import org.junit.jupiter.api.Test;

class AttemptGateTest {

  private static final Refused NOT_LEADER = new Refused(ErrorCode.NOT_LEADER, "Expected another");
  private static final Refused TOO_LARGE =
      new Refused(ErrorCode.RECORD_TOO_LARGE, "Expected a smaller one");

  private final AttemptGate gate = new AttemptGate();

  @Test
  void refusesWhatFollowsARefusalInTheSameAttempt() {
    gate.refused(new ProduceKey(1, 3, 10), NOT_LEADER);

    assertThat(gate.whyNot(new ProduceKey(1, 3, 11)))
        .hasValueSatisfying(why -> assertThat(why.code()).isEqualTo(ErrorCode.NOT_LEADER));
  }

  @Test
  void opensWithTheNextAttempt() {
    gate.refused(new ProduceKey(1, 3, 10), NOT_LEADER);

    assertThat(gate.whyNot(new ProduceKey(1, 4, 10))).isEmpty();
  }

  @Test
  void staysClosedForAttemptsOfBefore() {
    gate.refused(new ProduceKey(1, 3, 10), NOT_LEADER);
    gate.refused(new ProduceKey(1, 2, 9), NOT_LEADER);

    assertThat(gate.whyNot(new ProduceKey(1, 3, 11))).isPresent();
  }

  @Test
  void concernsOneStreamOnly() {
    gate.refused(new ProduceKey(1, 3, 10), NOT_LEADER);

    assertThat(gate.whyNot(new ProduceKey(2, 3, 11))).isEmpty();
  }

  @Test
  void letsWhatFollowsABatchThatCanNeverBeTakenBeSentAgain() {
    gate.refused(new ProduceKey(1, 3, 10), TOO_LARGE);

    assertThat(gate.whyNot(new ProduceKey(1, 3, 11)).orElseThrow().code().isRetriable()).isTrue();
  }

  @Test
  void forgetsTheOldestOfTooManyStreams() {
    for (int stream = 0; stream <= 4096; stream++) {
      gate.refused(new ProduceKey(stream, 1, 1), NOT_LEADER);
    }

    assertThat(gate.whyNot(new ProduceKey(0, 1, 2))).isEmpty();
    assertThat(gate.whyNot(new ProduceKey(1, 1, 2))).isPresent();
  }
}
