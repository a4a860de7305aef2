package dev.naru.cli.records;

import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.OffsetAndMetadata;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a group has to read of its topics, and where nobody is known to have read it. A value:
 * nothing here asks, what was heard comes in.
 *
 * @param stretches of all partitions
 * @param unread of which of them nobody is known to have come to the stop
 */
record GroupReading(
    SortedMap<TopicPartition, Stretch> stretches, SortedSet<TopicPartition> unread) {

  GroupReading {
    stretches = Collections.unmodifiableSortedMap(new TreeMap<>(stretches));
    unread = Collections.unmodifiableSortedSet(new TreeSet<>(unread));
  }

  /** All is to be read. */
  static GroupReading of(SortedMap<TopicPartition, Stretch> stretches) {
    return new GroupReading(stretches, new TreeSet<>(stretches.keySet()));
  }

  /**
   * What there is to read of one partition.
   *
   * @param begin the first offset that is kept
   * @param start where the group begins if it has committed nothing
   * @param stop where reading is to end
   */
  record Stretch(long begin, long start, long stop) {

    /** What is not kept any more nobody has to read. */
    private boolean isRead(Optional<OffsetAndMetadata> committed) {
      long at = committed.map(OffsetAndMetadata::offset).orElse(start);
      return Math.max(at, begin) >= stop;
    }

    private Stretch within(long beginNow, long endNow) {
      return new Stretch(beginNow, start, Math.min(stop, endNow));
    }
  }

  boolean isComplete() {
    return unread.isEmpty();
  }

  /** Where to stop; empty for a partition that was not there at the beginning. */
  Optional<Long> stopIn(TopicPartition partition) {
    return Optional.ofNullable(stretches.get(partition)).map(Stretch::stop);
  }

  /** Those of these that are not known to be read. */
  SortedSet<TopicPartition> unreadOf(Collection<TopicPartition> partitions) {
    var those = new TreeSet<>(unread);
    those.retainAll(partitions);
    return those;
  }

  /** These were read up to their stops. */
  GroupReading read(Collection<TopicPartition> partitions) {
    var left = new TreeSet<>(unread);
    left.removeAll(partitions);
    return new GroupReading(stretches, left);
  }

  /** The group has committed this by now. */
  GroupReading committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    var left = new TreeSet<>(unread);
    left.removeIf(partition -> {
      var stretch = Optional.ofNullable(stretches.get(partition)).orElseThrow();
      return stretch.isRead(Optional.ofNullable(offsets.get(partition)));
    });
    return new GroupReading(stretches, left);
  }

  /**
   * The logs reach from here to there by now. What retention or a truncation took at their front
   * nobody can read any more, nor what an election lost at their end.
   *
   * @param ends of those whose stop must not lie beyond it
   */
  GroupReading within(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
    var now = new TreeMap<>(stretches);
    begins.forEach((partition, begin) ->
        now.computeIfPresent(
            partition,
            (same, stretch) ->
                stretch.within(begin, ends.getOrDefault(partition, Long.MAX_VALUE))));
    return new GroupReading(now, unread);
  }
}
