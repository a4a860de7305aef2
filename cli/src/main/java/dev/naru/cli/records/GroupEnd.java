package dev.naru.cli.records;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.output.Notes;
import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.consumer.OffsetAndMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Whether a group has read its topics up to a place that was settled when this began, whoever of
 * its members has. What one member has been granted tells nothing of that: a partition may still be
 * kept for a member that died, or be another one's for good. So those of others count when the
 * group has committed up to there.
 *
 * <p>Belongs to the consumer's thread.
 */
public final class GroupEnd {

  /** Between two questions what the group has committed. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** Joining takes some; until then nobody knows what this member will be granted. */
  private static final int LOOKS_BEFORE_GRANTED = 5;

  private final Consumer<?, ?> consumer;
  private final Position place;
  private final Map<TopicPartition, Long> stops;
  private final Map<TopicPartition, Long> begins;
  private final Map<TopicPartition, Long> starts;
  private final Notes notes;
  private final LongSupplier nanoTime;
  private final Runnable pause;

  /** Those that nobody is known to have read so far. */
  private final TreeSet<TopicPartition> unread;

  private Set<TopicPartition> named = Set.of();
  private Optional<Long> lookedNanos = Optional.empty();
  private int looks;

  /**
   * Settles the place in each of these partitions.
   *
   * @param consumer of the group
   * @param start where a partition begins of which the group has committed nothing
   * @param place where reading is to end
   * @param pause waits a little: polls return at once while all that is granted has been read
   */
  public GroupEnd(
      Consumer<?, ?> consumer,
      List<TopicPartition> partitions,
      ReadFrom start,
      Position place,
      Notes notes,
      LongSupplier nanoTime,
      Runnable pause) {
    this.consumer = consumer;
    this.place = place;
    this.begins = consumer.beginningOffsets(partitions);
    var ends = consumer.endOffsets(partitions);
    this.starts = start instanceof ReadFrom.Beginning ? begins : ends;
    this.stops = stops(ends);
    this.notes = notes;
    this.nanoTime = nanoTime;
    this.pause = pause;
    this.unread = new TreeSet<>(partitions);
  }

  /** Refuses a place of which nobody can tell where it is in the partitions of others. */
  public static void requireSettled(Position place, Instant now) {
    if (place instanceof Position.Time(var time) && time.isAfter(now)) {
      throw CommandFailure.usage(
          "Expected --to end, offset:N or a time that has passed with --group, but was the time %s: where that is in partitions that others of the group read is not known"
              .formatted(time));
    }
  }

  private Map<TopicPartition, Long> stops(Map<TopicPartition, Long> ends) {
    var settled = new HashMap<>(ends);
    switch (place) {
      case Position.Beginning _ -> settled.putAll(begins);
      case Position.End _ -> {}
      case Position.Offset(long offset) -> settled.replaceAll((_, _) -> offset);
      case Position.Time(var time) ->
          settled.putAll(
              consumer
                  .offsetsForTimes(
                      ends.keySet().stream().collect(Collectors.toMap(each -> each, _ -> time)))
                  .entrySet()
                  .stream()
                  .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().offset())));
    }
    return settled;
  }

  /** Where to end in this partition; of one that is newer than this, at the place as it is now. */
  public Position stopIn(TopicPartition partition) {
    return Optional.ofNullable(stops.get(partition)).map(Position::offset).orElse(place);
  }

  /** Whether all has been read. Asks the cluster, once a second at most. */
  public boolean isReached() {
    var granted = consumer.assignment();
    if (!granted.isEmpty() && !consumer.isAtStop()) {
      return false;
    }
    unread.removeAll(granted);
    if (!unread.isEmpty() && isTimeToLook()) {
      look(granted);
    }
    if (!unread.isEmpty() && !granted.isEmpty()) {
      pause.run();
    }
    return unread.isEmpty();
  }

  private boolean isTimeToLook() {
    long now = nanoTime.getAsLong();
    boolean isTime = lookedNanos.filter(last -> now - last < LOOK.toNanos()).isEmpty();
    if (isTime) {
      lookedNanos = Optional.of(now);
    }
    return isTime;
  }

  private void look(Set<TopicPartition> granted) {
    looks++;
    try {
      var committed = consumer.committed(unread);
      unread.removeIf(
          partition -> isRead(partition, Optional.ofNullable(committed.get(partition))));
    } catch (NaruException e) {
      if (!e.code().isRetriable()) {
        throw e;
      }
    }
    if (!unread.isEmpty()
        && !unread.equals(named)
        && (!granted.isEmpty() || looks > LOOKS_BEFORE_GRANTED)) {
      named = Set.copyOf(unread);
      notes.note(
          "waits for others of the group, which have yet to read "
              + unread.stream()
                  .map(each -> each + " up to offset " + stops.get(each))
                  .collect(Collectors.joining(", ")));
    }
  }

  /** What is not kept any more nobody has to read. */
  private boolean isRead(TopicPartition partition, Optional<OffsetAndMetadata> committed) {
    long at = committed.map(OffsetAndMetadata::offset).orElseGet(() -> of(starts, partition));
    return Math.max(at, of(begins, partition)) >= of(stops, partition);
  }

  private static long of(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    return Optional.ofNullable(offsets.get(partition)).orElseThrow();
  }
}
