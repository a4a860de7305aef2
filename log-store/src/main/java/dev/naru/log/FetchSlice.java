package dev.naru.log;

import dev.naru.record.BatchBytes;

/**
 * Whole batches as they were read, the first of which holds the offset that was asked for.
 *
 * @param batches none when there was nothing to read, or when the log was cut under the reader: ask
 *     again with a newer view
 * @param nextOffset where to read on
 */
public record FetchSlice(BatchBytes batches, long nextOffset) {

  /** Nothing; to be asked for again from the same offset. */
  static FetchSlice nothingAt(long offset) {
    return new FetchSlice(BatchBytes.EMPTY, offset);
  }

  /** Whether it holds no batch. */
  public boolean isEmpty() {
    return batches.isEmpty();
  }
}
