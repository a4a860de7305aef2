package dev.naru.wire;

import dev.naru.record.BatchBytes;

/**
 * A message and the batches that travel in its field 15, which stays empty in the message itself.
 *
 * @param <M> the message's generated class
 */
public record WithBatches<M>(M header, BatchBytes batches) {

  /** A message that carries no batch. */
  public static <M> WithBatches<M> none(M header) {
    return new WithBatches<>(header, BatchBytes.EMPTY);
  }
}
