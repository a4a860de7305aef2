package dev.naru.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.record.TimestampType;
import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records go on, whatever an interceptor throws. */
class InterceptorsTest {

  private final ClientMetrics metrics = new ClientMetrics();
  private final List<String> seen = new ArrayList<>();
  private final ProducerRecord<String, String> record = ProducerRecord.of("orders", "k", "v");

  @AfterEach
  void isNotInterrupted() {
    Thread.interrupted(); // for the next test on this thread
  }

  static List<Throwable> whatNobodyExpects() {
    return List.of(
        new IllegalStateException("of the application"),
        new NoClassDefFoundError("of the application"),
        new AssertionError("of the application"),
        new StackOverflowError("of the application"),
        new Exception("not declared"));
  }

  @ParameterizedTest
  @MethodSource("whatNobodyExpects")
  void countsWhatOneThrowsAndAsksTheNext(Throwable thrown) {
    var interceptors = new Interceptors(List.of(new Throwing(thrown), new Seeing()), metrics);

    assertThat(interceptors.onSend(record)).isSameAs(record);
    interceptors.onAcknowledged(
        record, null, new NaruException(ErrorCode.NOT_AUTHORIZED, "of the cluster"));
    interceptors.onPolled(polled());

    assertThat(seen).containsExactly("sent", "acknowledged", "polled");
    assertThat(metrics.value(ClientMetric.INTERCEPTOR_FAILURES)).isEqualTo(3);
  }

  @Test
  void aThreadThatIsInterruptedWithinOneStaysSo() {
    var interceptors =
        new Interceptors(List.of(new Throwing(new InterruptedException()), new Seeing()), metrics);

    interceptors.onPolled(polled());

    assertThat(seen).containsExactly("polled");
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }

  private static List<ConsumerRecord<String, String>> polled() {
    return List.of(
        new ConsumerRecord<>(
            "orders", 0, 7, 1, 1000, TimestampType.CREATE_TIME, "k", "v", List.of()));
  }

  private final class Seeing implements RecordInterceptor {

    @Override
    public <K, V> ProducerRecord<K, V> onSend(ProducerRecord<K, V> record) {
      seen.add("sent");
      return record;
    }

    @Override
    public void onAcknowledged(
        ProducerRecord<?, ?> record, @Nullable RecordAck ack, @Nullable NaruException failure) {
      seen.add("acknowledged");
    }

    @Override
    public void onPolled(List<? extends ConsumerRecord<?, ?>> records) {
      seen.add("polled");
    }
  }

  /** Also what it could not declare, as code in another language does. */
  private record Throwing(Throwable thrown) implements RecordInterceptor {

    @Override
    public <K, V> ProducerRecord<K, V> onSend(ProducerRecord<K, V> record) {
      throw Throwing.<RuntimeException>asIs(thrown);
    }

    @Override
    public void onAcknowledged(
        ProducerRecord<?, ?> record, @Nullable RecordAck ack, @Nullable NaruException failure) {
      throw Throwing.<RuntimeException>asIs(thrown);
    }

    @Override
    public void onPolled(List<? extends ConsumerRecord<?, ?>> records) {
      throw Throwing.<RuntimeException>asIs(thrown);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E asIs(Throwable thrown) throws E {
      throw (E) thrown;
    }
  }
}
