package dev.naru.client.admin;

import dev.naru.client.TopicPartition;
import java.util.OptionalLong;

/**
 * Where a group goes on in a partition, before and after a reset.
 *
 * @param oldOffset absent when nothing was committed
 * @param end the partition's high watermark
 */
public record OffsetChange(
    TopicPartition partition, OptionalLong oldOffset, long newOffset, long end) {

  /** Offsets up to the end before; absent when nothing was committed. */
  public OptionalLong oldLag() {
    return oldOffset.isPresent()
        ? OptionalLong.of(lag(oldOffset.getAsLong()))
        : OptionalLong.empty();
  }

  /** Offsets up to the end afterwards. */
  public long newLag() {
    return lag(newOffset);
  }

  private long lag(long offset) {
    return Math.max(0, end - offset);
  }
}
