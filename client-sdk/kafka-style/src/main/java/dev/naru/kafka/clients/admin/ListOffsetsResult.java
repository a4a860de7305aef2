package dev.naru.kafka.clients.admin;

import dev.naru.kafka.common.KafkaFuture;
import dev.naru.kafka.common.TopicPartition;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Offsets that were found. */
public final class ListOffsetsResult {

  private final Map<TopicPartition, CompletableFuture<ListOffsetsResultInfo>> futures;

  ListOffsetsResult(Map<TopicPartition, CompletableFuture<ListOffsetsResultInfo>> futures) {
    this.futures = Map.copyOf(futures);
  }

  /** The one of this partition. */
  public KafkaFuture<ListOffsetsResultInfo> partitionResult(TopicPartition partition) {
    var future = futures.get(partition);
    if (future == null) {
      throw new IllegalArgumentException(
          "Expected a partition that was asked for, but was " + partition);
    }
    return new KafkaFuture<>(future);
  }

  /** All of them: fails if one does. */
  public KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> all() {
    return Answers.all(futures);
  }

  /** An offset of a partition. */
  public static final class ListOffsetsResultInfo {

    private final long offset;
    private final long timestamp;

    ListOffsetsResultInfo(long offset, long timestamp) {
      this.offset = offset;
      this.timestamp = timestamp;
    }

    /** The offset; -1 if no record is as late as the time that was asked for. */
    public long offset() {
      return offset;
    }

    /** The time of that record in milliseconds of the epoch; -1 unless it was found by its time. */
    public long timestamp() {
      return timestamp;
    }

    @Override
    public String toString() {
      return "ListOffsetsResultInfo(offset=" + offset + ", timestamp=" + timestamp + ")";
    }
  }
}
