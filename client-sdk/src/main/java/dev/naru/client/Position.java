package dev.naru.client;

import java.time.Instant;

/** A place in a partition, before it is known as an offset. */
public sealed interface Position {

  /** Before the first record that is kept. */
  static Position beginning() {
    return new Beginning();
  }

  /** At the high watermark: after every record that can be read now. */
  static Position end() {
    return new End();
  }

  /** Before the record with this offset. */
  static Position offset(long offset) {
    return new Offset(offset);
  }

  /** Before the first record whose timestamp is at or after this. */
  static Position time(Instant time) {
    return new Time(time);
  }

  /** Before the first record that is kept. */
  record Beginning() implements Position {}

  /** After every record that can be read now. */
  record End() implements Position {}

  /** Before the record with this offset. */
  record Offset(long offset) implements Position {

    /** Refuses offsets below zero. */
    public Offset {
      if (offset < 0) {
        throw new IllegalArgumentException("Expected an offset >= 0, but was " + offset);
      }
    }
  }

  /** Before the first record whose timestamp is at or after this. */
  record Time(Instant time) implements Position {}
}
