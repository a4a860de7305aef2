package dev.naru.client.producer;

import dev.naru.client.NaruException;
import dev.naru.client.RecordAck;
import org.jspecify.annotations.Nullable;

/** Hears what became of a record. One may serve many records. */
@FunctionalInterface
public interface SendCallback {

  /**
   * Exactly one of the two is there. What this throws is logged and changes nothing.
   *
   * @param ack where the record was put
   * @param failure why it was not, as far as this producer knows
   */
  void onCompletion(@Nullable RecordAck ack, @Nullable NaruException failure);
}
