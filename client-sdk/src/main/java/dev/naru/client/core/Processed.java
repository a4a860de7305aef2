package dev.naru.client.core;

import dev.naru.client.TopicPartition;
import dev.naru.types.LeaderEpoch;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How far the application is with each partition. Records count as processed when it polls again
 * after they were handed out, and not before: so what is committed without its asking never covers
 * records that it had not come to when it failed.
 *
 * <p>Owned by the thread that polls.
 */
public final class Processed {

  private final SortedMap<TopicPartition, Progress> partitions = new TreeMap<>();
  private final SortedSet<TopicPartition> fresh = new TreeSet<>(); // handed out since the last poll

  /**
   * Begins at this position.
   *
   * @param committed whether the group has committed just that
   */
  public void begin(TopicPartition partition, Place place, boolean committed) {
    partitions.put(
        partition, new Progress(place, place, committed ? Optional.of(place) : Optional.empty()));
  }

  /** Whether it has begun. */
  public boolean has(TopicPartition partition) {
    return partitions.containsKey(partition);
  }

  /** The partition is read no more. */
  public void drop(TopicPartition partition) {
    partitions.remove(partition);
    fresh.remove(partition);
  }

  /** The application polls: it is done with everything that it was handed before. */
  public void pollBegins() {
    if (!fresh.isEmpty()) { // else, as in most polls of many partitions, nothing is new
      fresh.forEach(partition ->
          partitions.computeIfPresent(partition, (same, progress) -> progress.allProcessed()));
      fresh.clear();
    }
  }

  /** Records up to this place are handed out. Ignored for what is not read. */
  public void handedOut(TopicPartition partition, Place place) {
    if (partitions.computeIfPresent(partition, (same, progress) -> progress.handedOut(place))
        != null) {
      fresh.add(partition);
    }
  }

  /** All before its position is handed out. Ignored for what is not read. */
  public void handedOut(Reading reading) {
    reading
        .position()
        .ifPresent(
            offset -> handedOut(reading.partition(), new Place(offset, reading.lastEpoch())));
  }

  /** The application goes on from here: what it skips, or reads again, is its own decision. */
  public void sought(TopicPartition partition, Place place) {
    partitions.computeIfPresent(partition, (same, progress) -> progress.sought(place));
  }

  /**
   * Records from this place on, which were handed out, come again: the application did not come to
   * them. What is before it counts as processed no earlier than without this.
   */
  public void putBack(TopicPartition partition, Place place) {
    partitions.computeIfPresent(partition, (same, progress) -> progress.putBack(place));
  }

  /**
   * The application commits this by itself: it is done with what was handed out before, although it
   * has not polled again.
   */
  public void declared(TopicPartition partition, Place place) {
    partitions.computeIfPresent(partition, (same, progress) -> progress.declared(place));
  }

  /** The group has committed this. */
  public void committed(TopicPartition partition, Place place) {
    partitions.computeIfPresent(partition, (same, progress) -> progress.committed(place));
  }

  /** What was handed out: all that the application can say it is done with. */
  public SortedMap<TopicPartition, Place> handedOut() {
    var places = new TreeMap<TopicPartition, Place>();
    partitions.forEach((partition, progress) -> places.put(partition, progress.handedOut));
    return Collections.unmodifiableSortedMap(places);
  }

  /** What was processed and is not committed. */
  public SortedMap<TopicPartition, Place> toCommit() {
    var places = new TreeMap<TopicPartition, Place>();
    partitions.forEach((partition, progress) -> {
      if (!progress.committed.equals(Optional.of(progress.processed))) {
        places.put(partition, progress.processed);
      }
    });
    return Collections.unmodifiableSortedMap(places);
  }

  /**
   * Between two records.
   *
   * @param offset of the next one
   * @param epoch the leader epoch of the one before, where it is known
   */
  public record Place(long offset, Optional<LeaderEpoch> epoch) {}

  private record Progress(Place handedOut, Place processed, Optional<Place> committed) {

    Progress allProcessed() {
      return new Progress(handedOut, handedOut, committed);
    }

    Progress handedOut(Place place) {
      return new Progress(place, processed, committed);
    }

    Progress sought(Place place) {
      return new Progress(place, place, committed);
    }

    Progress putBack(Place place) {
      if (place.offset == processed.offset) { // which may know its epoch
        return new Progress(processed, processed, committed);
      }
      return new Progress(place, place.offset < processed.offset ? place : processed, committed);
    }

    Progress declared(Place place) {
      boolean isFurther = place.offset > processed.offset && place.offset <= handedOut.offset;
      return isFurther ? new Progress(handedOut, place, committed) : this;
    }

    Progress committed(Place place) {
      return new Progress(handedOut, processed, Optional.of(place));
    }
  }
}
