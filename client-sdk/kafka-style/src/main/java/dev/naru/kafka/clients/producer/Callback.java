package dev.naru.kafka.clients.producer;

import org.jspecify.annotations.Nullable;

/**
 * Hears what became of a record, once: on the producer's one callback thread, in the order of the
 * records of a partition, so that what takes long holds up the others; of a record that was not
 * taken, such as one that is too large, on the thread that sends it, before {@code send} returns.
 */
@FunctionalInterface
public interface Callback {

  /**
   * What it throws is logged and changes nothing. It may send, but not flush: that would wait for
   * itself, and is refused with an {@link IllegalStateException}.
   *
   * @param metadata where the record was put; nowhere, with -1 for everything, if it failed
   * @param exception why it failed, a {@link dev.naru.kafka.common.KafkaException}; null if it did
   *     not
   */
  void onCompletion(RecordMetadata metadata, @Nullable Exception exception);
}
