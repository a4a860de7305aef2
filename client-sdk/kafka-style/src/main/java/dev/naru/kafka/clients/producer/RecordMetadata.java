package dev.naru.kafka.clients.producer;

import dev.naru.kafka.common.TopicPartition;

/** Where a record was put. */
public final class RecordMetadata {

  /** Stands for no partition. */
  public static final int UNKNOWN_PARTITION = -1;

  private static final long NONE = -1;

  private final TopicPartition partition;
  private final long offset;
  private final long timestamp;
  private final int serializedKeySize;
  private final int serializedValueSize;

  RecordMetadata(
      TopicPartition partition,
      long offset,
      long timestamp,
      int serializedKeySize,
      int serializedValueSize) {
    this.partition = partition;
    this.offset = offset;
    this.timestamp = timestamp;
    this.serializedKeySize = serializedKeySize;
    this.serializedValueSize = serializedValueSize;
  }

  /** Of a record that is nowhere. */
  static RecordMetadata nowhere(String topic) {
    return new RecordMetadata(
        new TopicPartition(topic, UNKNOWN_PARTITION), NONE, NONE, (int) NONE, (int) NONE);
  }

  /** False with {@code acks=0}. */
  public boolean hasOffset() {
    return offset != NONE;
  }

  /** The offset; -1 with {@code acks=0}. */
  public long offset() {
    return offset;
  }

  /** Whether it has a time. */
  public boolean hasTimestamp() {
    return timestamp != NONE;
  }

  /** Its time in milliseconds of the epoch. */
  public long timestamp() {
    return timestamp;
  }

  /** Bytes of the key; -1 without one. */
  public int serializedKeySize() {
    return serializedKeySize;
  }

  /** Bytes of the value; -1 without one. */
  public int serializedValueSize() {
    return serializedValueSize;
  }

  /** The topic. */
  public String topic() {
    return partition.topic();
  }

  /** The partition. */
  public int partition() {
    return partition.partition();
  }

  @Override
  public String toString() {
    return partition + "@" + offset;
  }
}
