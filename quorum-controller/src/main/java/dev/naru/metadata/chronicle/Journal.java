package dev.naru.metadata.chronicle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.pcollections.TreePMap;

/**
 * The newest events that a node knows, as an immutable value: whoever applies the log makes the
 * next one, and everybody reads the one that is there. What does not fit any more is forgotten from
 * the old end, entry by entry; what came of one entry stays together, unless it alone is far too
 * much.
 *
 * @param floor every event after this one is known; of those up to it none is, whether there were
 *     any or not
 * @param through the last entry of the metadata log whose events are here
 * @param entries events by the index of their entry; entries without events are not in it
 * @param count of all events
 */
public record Journal(
    EventId floor, long through, TreePMap<Long, List<ClusterEvent>> entries, int count) {

  /**
   * How many events a node remembers: a few MB, and more than a year of a quiet cluster. A restart
   * of one of ten nodes with 1,000 partitions is some hundreds.
   */
  public static final int EVENTS_MAX = 10_000;

  /**
   * How many times that one entry may bring, as that which fences a node with replicas of 25,000
   * partitions: some 25 MB until the next events come. Of more the first are forgotten at once.
   */
  private static final int ENTRY_TIMES_MAX = 5;

  /** One that knows everything from the first entry on. */
  public static final Journal EMPTY = startingAfter(0);

  /** One that knows nothing up to this entry, and what follows from there on. */
  public static Journal startingAfter(long index) {
    return new Journal(
        index == 0 ? EventId.NONE : EventId.lastOf(index), index, TreePMap.empty(), 0);
  }

  /**
   * Some events.
   *
   * @param position all up to this one have been looked at: where to go on
   * @param isLast whether there was no other one to look at
   */
  public record Page(List<ClusterEvent> events, EventId position, boolean isLast) {

    /** Keeps its own copy of the events. */
    public Page {
      events = List.copyOf(events);
    }
  }

  /** The same after this entry, and without the oldest if there would be too many. */
  public Journal with(long index, List<ClusterEvent> events) {
    return with(index, events, EVENTS_MAX);
  }

  Journal with(long index, List<ClusterEvent> events, int max) {
    if (events.isEmpty()) {
      return through(index);
    }
    int forgotten = Math.max(0, events.size() - ENTRY_TIMES_MAX * max);
    var news = List.copyOf(events.subList(forgotten, events.size()));
    var kept = entries.plus(index, news);
    int size = count + news.size();
    var lowest = floor;
    while (size > max && kept.size() > 1) {
      var oldest = kept.values().iterator().next();
      kept = kept.minusFirstEntry();
      size -= oldest.size();
      lowest = oldest.getLast().id();
    }
    if (forgotten > 0) {
      lowest = events.get(forgotten - 1).id();
    }
    return new Journal(lowest, index, kept, size);
  }

  /** The same after an entry without events. */
  public Journal through(long index) {
    return new Journal(floor, index, entries, count);
  }

  /** Whether it has all that came after this event. */
  public boolean knowsAllAfter(EventId event) {
    return !floor.isAfter(event);
  }

  /** Events after this one, the oldest first, at most so many. */
  public Page after(EventId event, Predicate<ClusterEvent> wanted, int limit) {
    var found = new ArrayList<ClusterEvent>();
    for (var entry : entries.tailMap(event.index(), true).values()) {
      for (var each : entry) {
        if (each.id().isAfter(event) && wanted.test(each)) {
          if (found.size() == limit) {
            return new Page(found, found.getLast().id(), false);
          }
          found.add(each);
        }
      }
    }
    var end = EventId.lastOf(through);
    return new Page(found, end.isAfter(event) ? end : event, true);
  }

  /** Events before this one, the newest first, at most so many. */
  public Page before(EventId event, Predicate<ClusterEvent> wanted, int limit) {
    var found = new ArrayList<ClusterEvent>();
    for (var entry : entries.headMap(event.index(), true).descendingMap().values()) {
      for (var each : entry.reversed()) {
        if (event.isAfter(each.id()) && wanted.test(each)) {
          if (found.size() == limit) {
            return new Page(found, found.getLast().id(), false);
          }
          found.add(each);
        }
      }
    }
    return new Page(found, floor, true);
  }
}
