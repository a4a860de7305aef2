package dev.naru.client.producer;

import dev.naru.client.RecordAck;
import java.util.concurrent.CompletableFuture;

/**
 * What the caller of {@code send} holds, and the only object made for a record until it is
 * acknowledged.
 */
final class PendingSend extends CompletableFuture<RecordAck> {

  private final long timestampMillis;

  PendingSend(long timestampMillis) {
    this.timestampMillis = timestampMillis;
  }

  long timestampMillis() {
    return timestampMillis;
  }
}
