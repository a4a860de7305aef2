package dev.naru.types;

import java.util.regex.Pattern;

/**
 * One partition of one topic. Its text, {@code <topic id>-<n>}, is also the name of its directory.
 */
public record PartitionId(TopicId topic, int partition) implements Comparable<PartitionId> {

  /** One form for each partition: no sign and no leading zeros. */
  private static final Pattern TEXT =
      Pattern.compile("(?<topic>.{36})-(?<partition>0|[1-9][0-9]{0,9})");

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
    var matcher = TEXT.matcher(text);
    if (!matcher.matches() || Long.parseLong(matcher.group("partition")) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("Expected <topic id>-<partition>, but was " + text);
    }
    return new PartitionId(
        TopicId.parse(matcher.group("topic")), Integer.parseInt(matcher.group("partition")));
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
