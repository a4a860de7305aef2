package dev.naru.kafka.common.errors;

import dev.naru.kafka.common.TopicPartition;

/** A record whose bytes become no value. Reading goes on after {@code seek} to the next offset. */
public class RecordDeserializationException extends SerializationException {

  private static final long serialVersionUID = 1;

  private final transient TopicPartition partition;
  private final long offset;

  /** At this place. */
  public RecordDeserializationException(
      TopicPartition partition, long offset, String message, Throwable cause) {
    super(message, cause);
    this.partition = partition;
    this.offset = offset;
  }

  /** Where the record is. */
  public TopicPartition topicPartition() {
    return partition;
  }

  /** Where the record is. */
  public long offset() {
    return offset;
  }
}
