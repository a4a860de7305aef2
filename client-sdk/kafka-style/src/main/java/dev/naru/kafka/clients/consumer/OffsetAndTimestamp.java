package dev.naru.kafka.clients.consumer;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A record found by its time. */
public final class OffsetAndTimestamp {

  private final long offset;
  private final long timestamp;

  /** At this offset, with this time in milliseconds of the epoch. */
  public OffsetAndTimestamp(long offset, long timestamp) {
    this.offset = offset;
    this.timestamp = timestamp;
  }

  /** The offset. */
  public long offset() {
    return offset;
  }

  /** Its time in milliseconds of the epoch. */
  public long timestamp() {
    return timestamp;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OffsetAndTimestamp that
        && offset == that.offset
        && timestamp == that.timestamp;
  }

  @Override
  public int hashCode() {
    return Objects.hash(offset, timestamp);
  }

  @Override
  public String toString() {
    return "(timestamp=" + timestamp + ", offset=" + offset + ")";
  }
}
