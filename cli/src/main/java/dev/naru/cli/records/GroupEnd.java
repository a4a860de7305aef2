package dev.naru.cli.records;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.output.Notes;
import dev.naru.cli.records.GroupReading.Stretch;
import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Whether a group has read its topics up to a place that was settled when this began, whoever of
 * its members has. What one member has been granted tells nothing of that: a partition may still be
 * kept for a member that died, or be another one's for good. So those of others count when the
 * group has committed up to there.
 *
 * <p>Each member has settled its own place, and for the end these differ: what one has read up to
 * its end may not be enough for another, which waits for it. So a member that waits for others
 * reads on meanwhile, and whoever waits for it comes to its end. Of members that were told
 * different offsets or times, each stops at its own, and may wait for the other in vain.
 *
 * <p>Belongs to the consumer's thread.
 */
public final class GroupEnd {

  /** Between two questions what the group has committed. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /**
   * Between two questions how far the logs reach: that they lose something is rare, and where a
   * leader is missing the answer takes {@code request.timeout.ms}.
   */
  private static final Duration LOGS_LOOK = Duration.ofSeconds(10);

  /** Joining takes some; until then nobody knows what this member will be granted. */
  private static final int LOOKS_BEFORE_GRANTED = 5;

  /** No place to stop at: reading goes on. */
  private static final Position NOWHERE = Position.offset(Long.MAX_VALUE);

  private final Consumer<?, ?> consumer;
  private final Position place;
  private final Notes notes;
  private final LongSupplier nanoTime;
  private final Runnable pause;
  private GroupReading reading;
  private boolean isReadingOn; // all that was granted was read once, and others had yet to read
  private Set<TopicPartition> named = Set.of();
  private Optional<Long> lookedNanos = Optional.empty();
  private long lookedAtLogsNanos;
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
    this.notes = notes;
    this.nanoTime = nanoTime;
    this.pause = pause;
    this.reading = settled(partitions, start);
    this.lookedAtLogsNanos = nanoTime.getAsLong();
  }

  /** Refuses a place of which nobody can tell where it is in the partitions of others. */
  public static void requireSettled(Position place, Instant now) {
    if (place instanceof Position.Time(var time) && time.isAfter(now)) {
      throw CommandFailure.usage(
          "Expected --to end, offset:N or a time that has passed with --group, but was the time %s: where that is in partitions that others of the group read is not known"
              .formatted(time));
    }
  }

  private GroupReading settled(List<TopicPartition> partitions, ReadFrom start) {
    var begins = consumer.beginningOffsets(partitions);
    var ends = consumer.endOffsets(partitions);
    var starts = start instanceof ReadFrom.Beginning ? begins : ends;
    var stops = stops(begins, ends);
    var stretches = new TreeMap<TopicPartition, Stretch>();
    partitions.forEach(each ->
        stretches.put(each, new Stretch(of(begins, each), of(starts, each), of(stops, each))));
    return GroupReading.of(stretches);
  }

  private Map<TopicPartition, Long> stops(
      Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
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

  private static long of(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    return Optional.ofNullable(offsets.get(partition)).orElseThrow();
  }

  /** Where to end in this partition; of one that is newer than this, at the place as it is now. */
  public Position stopIn(TopicPartition partition) {
    return isReadingOn ? NOWHERE : reading.stopIn(partition).map(Position::offset).orElse(place);
  }

  /** Whether all has been read. Asks the cluster, once a second at most. */
  public boolean isReached() {
    var granted = consumer.assignment();
    boolean isAtStop = !granted.isEmpty() && consumer.isAtStop();
    if (isAtStop) {
      var here = reading.unreadOf(granted);
      if (!here.isEmpty() && commits()) {
        reading = reading.read(here);
      }
    }
    if (!reading.isComplete()) {
      ask(granted, granted.isEmpty() || isAtStop || isReadingOn);
    }
    if (!reading.isComplete() && isAtStop) {
      waitForOthers(granted);
    }
    return reading.isComplete();
  }

  /**
   * What was printed is committed, but not that a partition was read further, over what holds no
   * records. False if it is not this member's any more: then whoever has it tells of it.
   */
  private boolean commits() {
    try {
      consumer.commit();
      return true;
    } catch (NaruException e) {
      if (e.code() != ErrorCode.FENCED_MEMBER && !e.code().isRetriable()) {
        throw e;
      }
      return false;
    }
  }

  private void ask(Set<TopicPartition> granted, boolean hasTime) {
    long now = nanoTime.getAsLong();
    if (now - lookedAtLogsNanos >= LOGS_LOOK.toNanos()) {
      unlessUnanswered(() -> lookAtLogs(granted));
      lookedAtLogsNanos = nanoTime.getAsLong(); // after it: there is time to read in between
    }
    if (hasTime && lookedNanos.filter(last -> now - last < LOOK.toNanos()).isEmpty()) {
      lookedNanos = Optional.of(now);
      unlessUnanswered(() -> lookAtCommits(granted));
      tellOfOthers(granted);
    }
  }

  private static void unlessUnanswered(Runnable question) {
    try {
      question.run();
    } catch (NaruException e) {
      if (!e.code().isRetriable()) {
        throw e;
      }
    }
  }

  /** What the logs have lost since nobody has to read; an offset is waited for all the same. */
  private void lookAtLogs(Set<TopicPartition> granted) {
    var unread = reading.unread();
    reading =
        reading.within(
            consumer.beginningOffsets(unread),
            place instanceof Position.Offset ? Map.of() : consumer.endOffsets(unread));
    if (!isReadingOn) {
      reading.unreadOf(granted).forEach(each -> consumer.readUntil(each, stopIn(each)));
    }
  }

  private void lookAtCommits(Set<TopicPartition> granted) {
    if (isReadingOn && !reading.unreadOf(granted).isEmpty()) {
      commits(); // at no stop any more, where that would be done
    }
    reading = reading.committed(consumer.committed(reading.unread()));
  }

  private void tellOfOthers(Set<TopicPartition> granted) {
    looks++;
    var others = new TreeSet<>(reading.unread());
    others.removeAll(granted);
    if (!others.isEmpty()
        && !others.equals(named)
        && (!granted.isEmpty() || looks > LOOKS_BEFORE_GRANTED)) {
      named = Set.copyOf(others);
      notes.note(
          "waits for others of the group, which have yet to read "
              + others.stream()
                  .map(each -> each + " up to offset " + reading.stopIn(each).orElseThrow())
                  .collect(Collectors.joining(", ")));
    }
  }

  private void waitForOthers(Set<TopicPartition> granted) {
    if (place instanceof Position.End) {
      isReadingOn = true;
      granted.forEach(each -> consumer.readUntil(each, NOWHERE));
    } else {
      pause.run();
    }
  }
}
