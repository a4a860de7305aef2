package dev.naru.kafka.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.kafka.common.KafkaException;
import dev.naru.kafka.common.errors.InterruptException;
import dev.naru.kafka.common.errors.TimeoutException;
import dev.naru.kafka.common.errors.TopicExistsException;
import dev.naru.types.ErrorCode;
import org.junit.jupiter.api.Test;

class FailuresTest {

  private static void late() {
    throw new NaruTimeoutException(ErrorCode.REQUEST_TIMEOUT, "late");
  }

  private static void failed() {
    throw new NaruException(ErrorCode.TOPIC_ALREADY_EXISTS, "there");
  }

  @Test
  void knowsTimeoutsByTheirTypeAndOthersByTheirCode() {
    assertThat(Failures.of(new NaruTimeoutException(ErrorCode.TOPIC_NOT_FOUND, "late")))
        .isInstanceOf(TimeoutException.class);
    assertThat(Failures.of(new NaruException(ErrorCode.TOPIC_ALREADY_EXISTS, "there")))
        .isInstanceOf(TopicExistsException.class);
    assertThat(Failures.of(new NaruException(ErrorCode.REQUEST_TIMEOUT, "late")))
        .hasSameClassAs(new KafkaException("late"));
  }

  @Test
  void endsAnInterruptedWaitAsSuch() {
    assertThatThrownBy(() -> Failures.in(FailuresTest::late)).isInstanceOf(TimeoutException.class);

    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> Failures.in(FailuresTest::late))
          .isInstanceOf(InterruptException.class)
          .hasCauseInstanceOf(NaruTimeoutException.class);
      assertThatThrownBy(() -> Failures.in(FailuresTest::failed))
          .isInstanceOf(TopicExistsException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
