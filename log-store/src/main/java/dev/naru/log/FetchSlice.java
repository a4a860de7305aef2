package dev.naru.log;

import dev.naru.record.BatchBytes;

/**
 * Whole batches as they were read, the first of which holds the offset that was asked for.
 *
 * @param batches none when there was nothing to read, or when the log was cut under the reader: ask
 *     again with a newer view. Held by whoever asked, who has to release them
 * @param nextOffset where to read on
 * @param isFull whether the next batch had no room beside these
 */
public record FetchSlice(BatchBytes batches, long nextOffset, boolean isFull) {

  /** Nothing; to be asked for again from the same offset. */
  static FetchSlice nothingAt(long offset) {
    return new FetchSlice(BatchBytes.EMPTY, offset, false);
  }

  /** Whether it holds no batch. */
  public boolean isEmpty() {
    return batches.isEmpty();
  }
}
