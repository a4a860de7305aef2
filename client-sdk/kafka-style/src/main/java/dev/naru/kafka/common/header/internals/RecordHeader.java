package dev.naru.kafka.common.header.internals;

import dev.naru.kafka.common.header.Header;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A header. */
public class RecordHeader implements Header {

  private final String key;
  private final byte @Nullable [] value;

  /** With this value, or without one. */
  public RecordHeader(String key, byte @Nullable [] value) {
    this.key = Objects.requireNonNull(key, "Expected a header to have a name");
    this.value = value;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public byte @Nullable [] value() {
    return value;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RecordHeader header
        && key.equals(header.key)
        && Arrays.equals(value, header.value);
  }

  @Override
  public int hashCode() {
    return 31 * key.hashCode() + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return "RecordHeader(key = " + key + ", value = " + Arrays.toString(value) + ")";
  }
}
