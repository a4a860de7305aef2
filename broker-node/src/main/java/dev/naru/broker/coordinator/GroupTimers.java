package dev.naru.broker.coordinator;

import dev.naru.broker.group.MemberId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Deadlines of groups and members, on the monotonic clock. To move one to a later time, as each
 * sign of life does, costs no more than to look it up: its place in the queue is only changed when
 * it comes to the front. A place that is of no use any more, since its deadline was moved to an
 * earlier time or cleared, is left until it comes there, or until most of them are such.
 */
final class GroupTimers {

  /** What is due. */
  enum Kind {
    /** A member was not heard for its session time-out. */
    SESSION,
    /** A member has not given back in time what it was told to. */
    REVOCATION,
    /** Nobody has come for the place of a member that left. */
    LEAVE,
    /** A group is to share its partitions anew. */
    TARGET,
    /** A round of a classic group has taken its time. */
    ROUND
  }

  /** Names a deadline. */
  record TimerKey(Kind kind, String group, Optional<MemberId> member) {

    static TimerKey of(Kind kind, String group) {
      return new TimerKey(kind, group, Optional.empty());
    }

    static TimerKey of(Kind kind, String group, MemberId member) {
      return new TimerKey(kind, group, Optional.of(member));
    }
  }

  private static final class Timer {
    private long deadline;
    private Place place;

    Timer(long deadline, Place place) {
      this.deadline = deadline;
      this.place = place;
    }
  }

  /** In the queue; the number keeps the order the same in every run. */
  private record Place(long deadline, long number, TimerKey key) {}

  private static final Comparator<Place> FIRST =
      (a, b) ->
          a.deadline() == b.deadline()
              ? Long.compare(a.number(), b.number())
              : Long.signum(a.deadline() - b.deadline()); // the clock may pass zero

  /** So few places are not worth to be looked through. */
  private static final int PLACES_MIN = 1_000;

  private final Map<TimerKey, Timer> timers = new HashMap<>();
  private PriorityQueue<Place> queue = new PriorityQueue<>(FIRST);
  private long numbers;

  boolean isEmpty() {
    return timers.isEmpty();
  }

  boolean isSet(TimerKey key) {
    return timers.containsKey(key);
  }

  /** Sets or moves the deadline. */
  void set(TimerKey key, long deadline) {
    var timer = timers.get(key);
    if (timer == null) {
      timers.put(key, new Timer(deadline, enqueued(key, deadline)));
    } else {
      timer.deadline = deadline;
      if (deadline - timer.place.deadline() < 0) {
        timer.place = enqueued(key, deadline);
      }
    }
  }

  void clear(TimerKey key) {
    timers.remove(key);
  }

  private Place enqueued(TimerKey key, long deadline) {
    if (queue.size() >= PLACES_MIN && queue.size() / 2 > timers.size()) {
      queue.removeIf(place -> !isOfUse(place)); // as many as were added since the last time
    }
    var place = new Place(deadline, numbers++, key);
    queue.add(place);
    return place;
  }

  private boolean isOfUse(Place place) {
    var timer = timers.get(place.key());
    return timer != null && timer.place.number() == place.number();
  }

  /** Takes out what is due, the earliest first, but no more than so many at once. */
  List<TimerKey> due(long nowNanos, int max) {
    var due = new ArrayList<TimerKey>();
    for (var first = queue.peek();
        first != null && due.size() < max && nowNanos - first.deadline() >= 0;
        first = queue.peek()) {
      queue.remove();
      var timer = timers.get(first.key());
      if (timer != null && isOfUse(first)) {
        if (nowNanos - timer.deadline >= 0) {
          timers.remove(first.key());
          due.add(first.key());
        } else {
          timer.place = enqueued(first.key(), timer.deadline);
        }
      }
    }
    return due;
  }

  /** Moves every deadline to later by this. */
  void postpone(long nanos) {
    queue = new PriorityQueue<>(FIRST);
    timers.forEach((key, timer) -> timer.deadline += nanos);
    timers.entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> entry.getValue().place.number()))
        .forEach(
            entry -> entry.getValue().place = enqueued(entry.getKey(), entry.getValue().deadline));
  }
}
