package dev.naru.record;

import java.nio.ByteBuffer;

/**
 * Walks the fields of a batch's records and believes none of them: every read stays below the end
 * it narrows to, and what does not fit is refused with the position at which it was met: a byte of
 * the batch, or of its records alone once they were inflated. Allocates nothing.
 */
final class RecordCursor {

  private final ByteBuffer bytes;
  private final int last;
  private int position;
  private int end;

  /** Walks from the buffer's position to its limit, by absolute index. */
  RecordCursor(ByteBuffer bytes) {
    this.bytes = bytes;
    this.position = bytes.position();
    this.last = bytes.limit();
    this.end = last;
  }

  /** Where the next field begins. */
  int position() {
    return position;
  }

  /** Refuses bytes that follow the last record. */
  void expectEnd() {
    if (position != end) {
      throw corrupt("the end of the batch", "more follows");
    }
  }

  /** Reads a record's length and narrows the walk to that record. */
  void enterRecord() {
    end = last;
    int length = length("a record", 0);
    end = position + length;
  }

  /** Ends the walk of a record: all of it must have been read. */
  void leaveRecord() {
    if (position != end) {
      throw corrupt("a record that fills its length", (end - position) + " bytes are left");
    }
    end = last;
  }

  byte oneByte() {
    if (position >= end) {
      throw cut();
    }
    return bytes.get(position++);
  }

  int varint() {
    int zigzag = oneByte();
    return zigzag >= 0 ? (zigzag >>> 1) ^ -(zigzag & 1) : longVarint(zigzag & 0x7f);
  }

  /** Most numbers of a record have one byte; this reads the others. */
  private int longVarint(int firstBits) {
    int zigzag = firstBits;
    for (int shift = 7; shift < 7 * Varint.BYTES_MAX; shift += 7) {
      byte next = oneByte();
      zigzag |= (next & 0x7f) << shift;
      if (next >= 0) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
    }
    throw corrupt("a number of at most " + Varint.BYTES_MAX + " bytes", "it goes on");
  }

  long varlong() {
    int zigzag = oneByte();
    return zigzag >= 0 ? (zigzag >>> 1) ^ -(zigzag & 1) : longVarlong(zigzag & 0x7f);
  }

  private long longVarlong(int firstBits) {
    long zigzag = firstBits;
    for (int shift = 7; shift < 7 * Varint.LONG_BYTES_MAX; shift += 7) {
      byte next = oneByte();
      zigzag |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
    }
    throw corrupt("a number of at most " + Varint.LONG_BYTES_MAX + " bytes", "it goes on");
  }

  /** Reads the length of something that must lie within what is left; {@code least} is -1 or 0. */
  int length(String what, int least) {
    int length = varint();
    if (length < least || length > end - position) {
      throw corrupt(what + " of " + least + " to " + (end - position) + " bytes", "was " + length);
    }
    return length;
  }

  /** Reads how many headers follow: each takes two bytes at least. */
  int headerCount() {
    int count = varint();
    if (count < 0 || count > (end - position) / 2) {
      throw corrupt("0 to " + (end - position) / 2 + " headers", "was " + count);
    }
    return count;
  }

  /** Steps over so many bytes, none if the length says absent, and tells where they begin. */
  int skip(int length) {
    int from = position;
    position += Math.max(length, 0);
    return from;
  }

  BatchRefusedException corrupt(String expected, String found) {
    return BatchRefusedException.corrupt(
        "Expected " + expected + " at byte " + position + ", but " + found);
  }

  private BatchRefusedException cut() {
    return corrupt("more of the record", "it ends there");
  }
}
