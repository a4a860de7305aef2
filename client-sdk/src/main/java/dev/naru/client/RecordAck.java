package dev.naru.client;

/**
 * Where a record was put.
 *
 * <p>A plain class, because millions are made a second and one of them has no offset.
 */
public final class RecordAck {

  private static final long NO_OFFSET = -1;

  private final String topic;
  private final int partition;
  private final long offset;
  private final long timestampMillis;

  private RecordAck(String topic, int partition, long offset, long timestampMillis) {
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.timestampMillis = timestampMillis;
  }

  /** A record that has its place. */
  public static RecordAck at(String topic, int partition, long offset, long timestampMillis) {
    if (offset < 0) {
      throw new IllegalArgumentException("Expected an offset >= 0, but was " + offset);
    }
    return new RecordAck(topic, partition, offset, timestampMillis);
  }

  /** A record that was handed over with {@code acks=0}: nobody knows its place. */
  public static RecordAck handedOver(String topic, int partition, long timestampMillis) {
    return new RecordAck(topic, partition, NO_OFFSET, timestampMillis);
  }

  /** The topic. */
  public String topic() {
    return topic;
  }

  /** The partition. */
  public int partition() {
    return partition;
  }

  /** False with {@code acks=0}. */
  public boolean hasOffset() {
    return offset != NO_OFFSET;
  }

  /**
   * The offset.
   *
   * @throws IllegalStateException with {@code acks=0}
   */
  public long offset() {
    if (!hasOffset()) {
      throw new IllegalStateException("Expected an offset, but with acks=0 nobody reports one");
    }
    return offset;
  }

  /** The record's time: its own, or the leader's if the topic stamps on append. */
  public long timestampMillis() {
    return timestampMillis;
  }

  @Override
  public String toString() {
    return topic + "/" + partition + "@" + (hasOffset() ? offset : "-");
  }
}
