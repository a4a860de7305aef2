package dev.naru.client.consumer;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A position that a group keeps: the offset of the first record that is not processed.
 *
 * @param leaderEpoch epoch of the last record before it; with it the next reader notices when the
 *     records before it are not part of the log any more
 * @param metadata whatever the application wants to find again; 4 KiB of UTF-8 at most. Empty if
 *     null is given for it
 */
public record OffsetAndMetadata(long offset, OptionalInt leaderEpoch, String metadata) {

  /** Refuses offsets and epochs below zero. */
  public OffsetAndMetadata(long offset, OptionalInt leaderEpoch, @Nullable String metadata) {
    this.offset = offset;
    this.leaderEpoch = leaderEpoch;
    this.metadata = metadata == null ? "" : metadata;
    if (offset < 0) {
      throw new IllegalArgumentException("Expected an offset >= 0, but was " + offset);
    }
    if (leaderEpoch.isPresent() && leaderEpoch.getAsInt() < 0) {
      throw new IllegalArgumentException(
          "Expected a leader epoch >= 0, but was " + leaderEpoch.getAsInt());
    }
  }

  /** A position of which nothing is known but the offset. */
  public OffsetAndMetadata(long offset) {
    this(offset, OptionalInt.empty(), "");
  }

  /** A position with something to find again. */
  public OffsetAndMetadata(long offset, @Nullable String metadata) {
    this(offset, OptionalInt.empty(), metadata);
  }
}
