package dev.naru.client.tracing;

import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordInterceptor;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Adds the trace in which a record is sent to its headers, so that its reader can continue it with
 * {@link TraceContext#of(dev.naru.client.ConsumerRecord)}. The application says what the current
 * trace is, by whatever tracing library it has.
 *
 * <pre>{@code
 * var naru = NaruClient.builder()
 *     .bootstrapServers("127.0.0.1:9410")
 *     .interceptor(new TracingInterceptor(() -> currentTrace()))
 *     .build();
 * }</pre>
 */
public final class TracingInterceptor implements RecordInterceptor {

  private final Supplier<Optional<TraceContext>> current;

  /**
   * Asks this on the threads that send, for each record that has no trace yet: it has to be fast.
   */
  public TracingInterceptor(Supplier<Optional<TraceContext>> current) {
    this.current = current;
  }

  @Override
  public <K, V> ProducerRecord<K, V> onSend(ProducerRecord<K, V> record) {
    boolean hasTrace =
        record.headers().stream()
            .anyMatch(header -> header.name().equals(TraceContext.TRACEPARENT));
    return hasTrace ? record : current.get().map(trace -> with(record, trace)).orElse(record);
  }

  private static <K, V> ProducerRecord<K, V> with(ProducerRecord<K, V> record, TraceContext trace) {
    var traced = record.withHeader(TraceContext.TRACEPARENT, trace.traceparent());
    return trace.state().isEmpty()
        ? traced
        : traced.withHeader(TraceContext.TRACESTATE, trace.state());
  }

  @Override
  public String toString() {
    return "TracingInterceptor";
  }
}
