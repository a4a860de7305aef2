package dev.naru.cli.records;

import dev.naru.cli.CommandFailure;
import dev.naru.types.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Takes a stream apart at a delimiter of one or more bytes. What follows the last one counts if it
 * is not empty. Holds no more than one record and what was read beyond it.
 */
final class RecordSplitter {

  private static final int READ_BYTES = 64 << 10;

  private final InputStream input;
  private final byte[] delimiter;
  private final int recordBytesMax;
  private byte[] buffer = new byte[READ_BYTES];
  private int start; // of the record that is being looked for
  private int searched; // no delimiter begins before this
  private int end;
  private long number;

  RecordSplitter(InputStream input, byte[] delimiter, int recordBytesMax) {
    if (delimiter.length == 0) {
      throw CommandFailure.usage("Expected a delimiter of at least one byte, but it is empty");
    }
    this.input = input;
    this.delimiter = delimiter.clone();
    this.recordBytesMax = recordBytesMax;
  }

  /** The next record; empty at the end of the stream. */
  Optional<byte[]> next() throws IOException {
    while (true) {
      int found = delimiterFrom(searched);
      if (found >= 0) {
        return Optional.of(take(found, found + delimiter.length));
      }
      searched = Math.max(start, end - delimiter.length + 1);
      if (!fill()) {
        return end > start ? Optional.of(take(end, end)) : Optional.empty();
      }
    }
  }

  /** Number of the record that was returned last; the first is 1. */
  long number() {
    return number;
  }

  private byte[] take(int recordEnd, int nextStart) {
    requireFits(recordEnd - start);
    byte[] record = Arrays.copyOfRange(buffer, start, recordEnd);
    start = nextStart;
    searched = nextStart;
    number++;
    return record;
  }

  private int delimiterFrom(int from) {
    byte first = delimiter[0];
    for (int i = from; i <= end - delimiter.length; i++) {
      if (buffer[i] == first
          && Arrays.equals(buffer, i, i + delimiter.length, delimiter, 0, delimiter.length)) {
        return i;
      }
    }
    return -1;
  }

  /** False at the end of the stream. */
  private boolean fill() throws IOException {
    requireFits(end - start - delimiter.length);
    makeRoom();
    int read = input.read(buffer, end, buffer.length - end);
    end += Math.max(read, 0);
    return read >= 0;
  }

  private void makeRoom() {
    if (end < buffer.length) {
      return;
    }
    byte[] target = end - start > buffer.length / 2 ? new byte[buffer.length * 2] : buffer;
    System.arraycopy(buffer, start, target, 0, end - start);
    buffer = target;
    searched -= start;
    end -= start;
    start = 0;
  }

  private void requireFits(int bytes) {
    if (bytes > recordBytesMax) {
      throw CommandFailure.of(
          ErrorCode.RECORD_TOO_LARGE,
          "Expected at most %d bytes in a record, but line %d has more"
              .formatted(recordBytesMax, number + 1));
    }
  }
}
