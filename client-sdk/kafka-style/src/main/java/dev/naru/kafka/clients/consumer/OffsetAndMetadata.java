package dev.naru.kafka.clients.consumer;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A position that a group keeps: the offset of the first record that is not processed. */
public final class OffsetAndMetadata {

  private final long offset;
  private final Optional<Integer> leaderEpoch;
  private final String metadata;

  /** With the epoch of the record before it, and something to find again. */
  public OffsetAndMetadata(long offset, Optional<Integer> leaderEpoch, @Nullable String metadata) {
    if (offset < 0) {
      throw new IllegalArgumentException("Expected an offset >= 0, but was " + offset);
    }
    this.offset = offset;
    this.leaderEpoch = leaderEpoch;
    this.metadata = metadata == null ? "" : metadata;
  }

  /** With something to find again. */
  public OffsetAndMetadata(long offset, @Nullable String metadata) {
    this(offset, Optional.empty(), metadata);
  }

  /** An offset. */
  public OffsetAndMetadata(long offset) {
    this(offset, "");
  }

  /** The offset. */
  public long offset() {
    return offset;
  }

  /** What the application wants to find again. */
  public String metadata() {
    return metadata;
  }

  /** The epoch of the record before it. */
  public Optional<Integer> leaderEpoch() {
    return leaderEpoch;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OffsetAndMetadata that
        && offset == that.offset
        && leaderEpoch.equals(that.leaderEpoch)
        && metadata.equals(that.metadata);
  }

  @Override
  public int hashCode() {
    return Objects.hash(offset, leaderEpoch, metadata);
  }

  @Override
  public String toString() {
    return "OffsetAndMetadata{offset="
        + offset
        + ", leaderEpoch="
        + leaderEpoch.map(String::valueOf).orElse("null")
        + ", metadata='"
        + metadata
        + "'}";
  }
}
