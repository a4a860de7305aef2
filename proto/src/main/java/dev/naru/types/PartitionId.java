package dev.naru.types;

/**
 * One partition of one topic. Its text, {@code <topic id>-<n>}, is also the name of its directory.
 */
public record PartitionId(TopicId topic, int partition) implements Comparable<PartitionId> {

  private static final int UUID_LENGTH = 36;

  /** Refuses partition numbers below zero. */
  public PartitionId {
    if (partition < 0) {
      throw new IllegalArgumentException("Expected a partition >= 0, but was " + partition);
    }
  }

  /**
   * Reads the form that {@link #toString} writes.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static PartitionId parse(String text) {
    int dash = text.lastIndexOf('-');
    if (dash != UUID_LENGTH) {
      throw new IllegalArgumentException("Expected <topic id>-<partition>, but was " + text);
    }
    var parsed =
        new PartitionId(
            TopicId.parse(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
    if (!parsed.toString().equals(text)) {
      throw new IllegalArgumentException("Expected " + parsed + ", but was " + text);
    }
    return parsed;
  }

  @Override
  public int compareTo(PartitionId other) {
    int byTopic = topic.compareTo(other.topic);
    return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
  }

  @Override
  public String toString() {
    return topic + "-" + partition;
  }
}
