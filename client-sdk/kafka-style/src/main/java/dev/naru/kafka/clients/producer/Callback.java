package dev.naru.kafka.clients.producer;

import org.jspecify.annotations.Nullable;

/** Hears what became of a record. */
@FunctionalInterface
public interface Callback {

  /**
   * What it throws is logged and changes nothing.
   *
   * @param metadata where the record was put; nowhere, with -1 for everything, if it failed
   * @param exception why it failed; null if it did not
   */
  void onCompletion(RecordMetadata metadata, @Nullable Exception exception);
}
