package dev.naru.client;

import dev.naru.types.ErrorCode;
import java.util.Map;

/**
 * A consumer has read records that the partition no longer has: its history was cut by a declared
 * loss. Reading goes on after {@code seek(partition, e.divergingEnd())}.
 */
public final class DataLossException extends NaruException {

  private static final long serialVersionUID = 1;

  private final TopicPartition partition;
  private final long divergingEnd;
  private final long offset;

  /** A failure that names the position and where the common history ends. */
  public DataLossException(TopicPartition partition, long offset, long divergingEnd) {
    super(
        ErrorCode.DATA_LOST,
        "Expected the history of "
            + partition
            + " to reach offset "
            + offset
            + ", but what was read before is kept only below "
            + divergingEnd
            + "; seek there to go on",
        Map.of(
            "topic", partition.topic(),
            "partition", Integer.toString(partition.partition()),
            "offset", Long.toString(offset),
            "diverging.end", Long.toString(divergingEnd)));
    this.partition = partition;
    this.divergingEnd = divergingEnd;
    this.offset = offset;
  }

  /** Where it happened. */
  public TopicPartition partition() {
    return partition;
  }

  /** The first offset that differs from what was read. */
  public long divergingEnd() {
    return divergingEnd;
  }

  /** The first offset that was read or committed as read, and is not part of the log any more. */
  public long from() {
    return divergingEnd;
  }

  /** The offset that follows the last of these: the consumer's position. */
  public long to() {
    return offset;
  }
}
