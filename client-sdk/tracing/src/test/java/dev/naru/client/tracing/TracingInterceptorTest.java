package dev.naru.client.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.ClientMetric;
import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.ProducerRecord;
import dev.naru.client.mock.MockCluster;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TracingInterceptorTest {

  private static final TraceContext TRACE =
      new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true, "k=v");

  private Optional<TraceContext> current = Optional.of(TRACE);

  private final MockCluster cluster =
      new MockCluster().topic("orders", 1).interceptor(new TracingInterceptor(() -> current));

  private ConsumerRecord<String, String> sent(ProducerRecord<String, String> record) {
    cluster.producer(Codec.utf8(), Codec.utf8()).send(record).join();
    var records = cluster.records("orders", Codec.utf8(), Codec.utf8());
    return records.get(records.size() - 1);
  }

  @Test
  void handsTheTraceToWhoReadsTheRecord() {
    assertThat(TraceContext.of(sent(ProducerRecord.of("orders", "v")))).hasValue(TRACE);
  }

  @Test
  void leavesATraceAloneThatIsThere() {
    var own = TRACE.within("00f067aa0ba902b7");
    ProducerRecord<String, String> record =
        ProducerRecord.<String, String>of("orders", "v")
            .withHeader(TraceContext.TRACEPARENT, own.traceparent());

    assertThat(TraceContext.of(sent(record)).map(TraceContext::parentId)).hasValue(own.parentId());
  }

  @Test
  void addsNothingOutsideOfATrace() {
    current = Optional.empty();

    assertThat(sent(ProducerRecord.of("orders", "v")).headers()).isEmpty();
  }

  @Test
  void takesTwoParentsForNone() {
    ProducerRecord<String, String> record =
        ProducerRecord.<String, String>of("orders", "v")
            .withHeader(TraceContext.TRACEPARENT, TRACE.traceparent())
            .withHeader(TraceContext.TRACEPARENT, TRACE.traceparent());

    assertThat(TraceContext.of(sent(record))).isEmpty();
  }

  @Test
  void sendsOnWhenTheApplicationFailsToSayItsTrace() {
    var broken =
        new MockCluster()
            .topic("orders", 1)
            .interceptor(
                new TracingInterceptor(() -> {
                  throw new IllegalStateException("no tracer");
                }));

    broken.producer(Codec.utf8(), Codec.utf8()).send(ProducerRecord.of("orders", "v")).join();

    assertThat(broken.metrics().value(ClientMetric.INTERCEPTOR_FAILURES)).isEqualTo(1);
  }
}
