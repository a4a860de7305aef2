package dev.naru.client;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The interceptors of one client, asked in the order in which they were given. Whatever they throw,
 * the records go on: also an assertion that fails, or what was not declared. Those of a poll would
 * otherwise count as processed although the application never saw them.
 */
public final class Interceptors {

  private static final Logger LOG = LoggerFactory.getLogger(Interceptors.class);

  /** Each costs every record a call. */
  static final int INTERCEPTORS_MAX = 16;

  private final List<RecordInterceptor> all;
  private final ClientMetrics metrics;
  private final AtomicBoolean isFailureLogged = new AtomicBoolean(); // one line for all of them

  /** Refuses more than a client can bear. */
  public Interceptors(List<RecordInterceptor> all, ClientMetrics metrics) {
    Settings.require(
        all.size() <= INTERCEPTORS_MAX,
        "the number of interceptors",
        "at most " + INTERCEPTORS_MAX,
        all.size());
    this.all = List.copyOf(all);
    this.metrics = metrics;
  }

  /** Whether there are none, so that nothing need be kept for them. */
  public boolean isEmpty() {
    return all.isEmpty();
  }

  /** The record to be sent instead. */
  public <K, V> ProducerRecord<K, V> onSend(ProducerRecord<K, V> record) {
    var sent = record;
    for (var interceptor : all) {
      try {
        sent = Objects.requireNonNull(interceptor.onSend(sent), "a record to be sent");
      } catch (Throwable e) {
        failed(interceptor, e);
      }
    }
    return sent;
  }

  /** What became of a record. */
  public void onAcknowledged(
      ProducerRecord<?, ?> record, @Nullable RecordAck ack, @Nullable NaruException failure) {
    for (var interceptor : all) {
      try {
        interceptor.onAcknowledged(record, ack, failure);
      } catch (Throwable e) {
        failed(interceptor, e);
      }
    }
  }

  /** These are about to be handed to the application. */
  public void onPolled(List<? extends ConsumerRecord<?, ?>> records) {
    if (records.isEmpty()) {
      return;
    }
    metrics.count(ClientMetric.CONSUMER_RECORDS, records.size());
    for (var interceptor : all) {
      try {
        interceptor.onPolled(records);
      } catch (Throwable e) {
        failed(interceptor, e);
      }
    }
  }

  private void failed(RecordInterceptor interceptor, Throwable why) {
    if (why instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    metrics.count(ClientMetric.INTERCEPTOR_FAILURES);
    if (!isFailureLogged.getAndSet(true)) {
      LOG.warn(
          "Expected {} to let records pass, but it threw; the next times are only counted",
          interceptor,
          why);
    }
  }
}
