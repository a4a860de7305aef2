package dev.naru.record;

import java.nio.ByteBuffer;
import java.util.Optional;

/** A name and a value beside a record's own; names may repeat, and a value may be absent. */
public record RecordHeader(String name, Optional<ByteBuffer> value) {

  /** A header with a value. */
  public static RecordHeader of(String name, ByteBuffer value) {
    return new RecordHeader(name, Optional.of(value));
  }

  /** A header without a value, which is not the same as an empty one. */
  public static RecordHeader withoutValue(String name) {
    return new RecordHeader(name, Optional.empty());
  }
}
