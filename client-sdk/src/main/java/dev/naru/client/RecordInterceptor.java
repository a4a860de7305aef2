package dev.naru.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sees every record on its way through a client, such as to add a header to it, or to count it.
 * Part of a client: {@link NaruClient.Builder#interceptor}. Called by any thread that sends, polls
 * or calls back, for several records at once: it has to be fast and safe for threads.
 *
 * <p>What it throws is counted ({@link ClientMetric#INTERCEPTOR_FAILURES}) and ignored: the record
 * goes on as if it had not been asked.
 */
public interface RecordInterceptor {

  /**
   * The record that is sent instead of this one; called by the thread that sends, before keys and
   * values are encoded and the partition is chosen.
   */
  default <K, V> ProducerRecord<K, V> onSend(ProducerRecord<K, V> record) {
    return record;
  }

  /**
   * A record was acknowledged or has failed; called before the application's own callback, and like
   * it: on the client's callback thread, or for a record that was refused at once by the thread
   * that sends.
   *
   * @param record as it was sent
   * @param ack where it was put; null if it failed
   * @param failure why it failed; null if it did not
   */
  default void onAcknowledged(
      ProducerRecord<?, ?> record, @Nullable RecordAck ack, @Nullable NaruException failure) {}

  /** A poll is about to return these; called by the thread that polls, not for none. */
  default void onPolled(List<? extends ConsumerRecord<?, ?>> records) {}
}
