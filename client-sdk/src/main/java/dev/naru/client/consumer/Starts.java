package dev.naru.client.consumer;

import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.CommittedPosition;
import dev.naru.client.core.Grant;
import dev.naru.client.core.Processed;
import dev.naru.client.core.Processed.Place;
import dev.naru.client.core.Reading;
import dev.naru.client.core.RetryPolicy;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.GroupCalls;
import dev.naru.client.transport.GroupCalls.Fetched;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the partitions of a consumer with a group begin: where the group was, or else where {@code
 * auto.offset.reset} says.
 *
 * <p>Such a place is committed before the first record is handed out, also when the application
 * commits by itself: a member that is killed before its first commit would else leave nothing
 * behind, the next one would ask for the latest offset again, and all that came in between would be
 * read by nobody.
 *
 * <p>Owned by the consumer's thread.
 */
final class Starts {

  private static final Logger LOG = LoggerFactory.getLogger(Starts.class);

  /** A first commit that takes longer is not waited for: records are worth more than a place. */
  private static final long ANCHOR_NANOS_MAX = Duration.ofSeconds(5).toNanos();

  private final GroupCalls calls;
  private final String group;
  private final Duration limit;
  private final ClientLoop loop;
  private final Inbox inbox;
  private final Readings readings;
  private final Processed processed;
  private final Anchoring anchoring;
  private final RetryPolicy retry;
  private final RandomGenerator dice;
  private final Map<TopicPartition, Start> open = new LinkedHashMap<>();
  private final List<Anchor> anchors = new ArrayList<>();
  private final Set<String> askedTopics = new TreeSet<>();
  private int failures;
  private long notBeforeNanos;

  Starts(
      GroupCalls calls,
      String group,
      Duration limit,
      ClientLoop loop,
      Inbox inbox,
      Readings readings,
      Processed processed,
      Anchoring anchoring,
      RetryPolicy retry,
      RandomGenerator dice) {
    this.calls = calls;
    this.group = group;
    this.limit = limit;
    this.loop = loop;
    this.inbox = inbox;
    this.readings = readings;
    this.processed = processed;
    this.anchoring = anchoring;
    this.retry = retry;
    this.dice = dice;
    this.notBeforeNanos = loop.nanoTime();
  }

  /** Commits where reading begins. */
  @FunctionalInterface
  interface Anchoring {
    Commits.Pending commit(SortedMap<TopicPartition, Place> places);
  }

  /** Hears that reading has gone on elsewhere. */
  @FunctionalInterface
  interface PassedOver {
    void records(TopicPartition partition, long from, long to);
  }

  /** A partition was granted. */
  void granted(Grant grant) {
    var reading = readings.begin(grant.name(), Optional.of(grant.id().topic()));
    if (grant.committed().isPresent()) {
      resume(reading, Optional.empty(), grant.committed().get());
    } else {
      if (grant.isFromStart()) {
        reading.seek(Position.beginning());
      }
      open.put(grant.name(), new Start(reading, Kind.ANCHOR));
    }
  }

  /** A partition was assigned by the application: the group has to be asked where it was. */
  void assigned(Reading reading) {
    reading.holdBack(true);
    open.put(reading.partition(), new Start(reading, Kind.LOOK_UP));
  }

  private void resume(Reading reading, Optional<TopicId> topic, CommittedPosition from) {
    reading.resume(topic, from.offset(), from.epoch());
    processed.begin(reading.partition(), new Place(from.offset(), from.epoch()), true);
  }

  /** The application goes on at this offset. */
  void sought(Reading reading, Place to) {
    boolean hasNotBegun = open.remove(reading.partition()) != null;
    if (hasNotBegun) {
      reading.holdBack(false); // else it may wait for a first commit that is under way
    }
    if (hasNotBegun || !processed.has(reading.partition())) { // or has failed to
      processed.begin(reading.partition(), to, false);
    } else {
      processed.sought(reading.partition(), to);
    }
  }

  /** Records from here on were handed out, and come again. */
  void putBack(Reading reading, Place from) {
    if (open.remove(reading.partition()) != null) {
      reading.holdBack(false);
    }
    if (processed.has(reading.partition())) {
      processed.putBack(reading.partition(), from);
    } else {
      processed.begin(reading.partition(), from, false);
    }
  }

  /** The application goes on at a place whose offset is not known yet: nothing is committed. */
  void sought(Reading reading) {
    reading.holdBack(false);
    processed.drop(reading.partition());
    open.put(reading.partition(), new Start(reading, Kind.PLAIN));
  }

  /** Reading goes on elsewhere, because what follows the position is gone. */
  void passesOver(Reading reading, long from) {
    open.put(reading.partition(), new Start(reading, Kind.PASSED_OVER, OptionalLong.of(from)));
  }

  void drop(TopicPartition partition) {
    open.remove(partition);
    processed.drop(partition);
  }

  /** Whether it is still asked where the group was. */
  boolean isLookingUp(TopicPartition partition) {
    var start = open.get(partition);
    return start != null && start.kind == Kind.LOOK_UP;
  }

  /** Whether time matters. */
  boolean isWaiting() {
    return !open.isEmpty() || !anchors.isEmpty();
  }

  /** Goes on with what is known by now. */
  void run(long nowNanos, PassedOver passedOver) {
    if (!open.isEmpty()) {
      open.values().removeIf(start -> !readings.has(start.reading));
      lookUp(nowNanos);
      settle(nowNanos, passedOver);
    }
    anchors.removeIf(anchor -> anchor.isOver(nowNanos));
  }

  /** A topic at a time: so one that is missing fails alone. */
  private void lookUp(long nowNanos) {
    if (notBeforeNanos - nowNanos > 0) {
      return;
    }
    var byTopic = new TreeMap<String, Map<TopicPartition, Start>>();
    open.forEach((partition, start) -> {
      if (start.kind == Kind.LOOK_UP && !askedTopics.contains(partition.topic())) {
        byTopic
            .computeIfAbsent(partition.topic(), topic -> new LinkedHashMap<>())
            .put(partition, start);
      }
    });
    byTopic.forEach((topic, asked) -> {
      askedTopics.add(topic);
      loop.whenDone(
          calls.fetch(group, new TreeSet<>(asked.keySet()), limit),
          found -> inbox.put(() -> onFound(topic, asked, found)),
          failure -> inbox.put(() -> onFailure(topic, asked, failure)));
    });
  }

  private void onFound(
      String topic, Map<TopicPartition, Start> asked, SortedMap<TopicPartition, Fetched> found) {
    askedTopics.remove(topic);
    failures = 0;
    asked.forEach((partition, start) -> {
      if (open.get(partition) != start) {
        return; // it was sent elsewhere meanwhile, or is read no more
      }
      start.reading.holdBack(false);
      var committed = Optional.ofNullable(found.get(partition));
      var position = committed.flatMap(Fetched::position);
      if (position.isEmpty()) {
        open.put(partition, new Start(start.reading, Kind.ANCHOR));
      } else {
        open.remove(partition);
        resume(start.reading, committed.map(Fetched::topic), position.get());
      }
    });
  }

  /** Not to know where the group was is not to know that it was nowhere. */
  private void onFailure(String topic, Map<TopicPartition, Start> asked, NaruException why) {
    askedTopics.remove(topic);
    if (why.isRetriable()) {
      LOG.debug("The positions of {} are not known yet", asked.keySet(), why);
      notBeforeNanos = loop.nanoTime() + retry.waitNanos(++failures, dice);
      return;
    }
    asked.forEach((partition, start) -> {
      if (open.get(partition) == start) {
        open.remove(partition);
        start.reading.holdBack(false);
        start.reading.fail(why);
      }
    });
  }

  private void settle(long nowNanos, PassedOver passedOver) {
    var places = new TreeMap<TopicPartition, Place>();
    var held = new ArrayList<Reading>();
    for (var start : List.copyOf(open.values())) {
      var reading = start.reading;
      if (start.kind == Kind.LOOK_UP || reading.position().isEmpty()) {
        continue;
      }
      open.remove(reading.partition());
      var place = new Place(reading.position().getAsLong(), Optional.empty());
      processed.begin(reading.partition(), place, false);
      if (start.kind == Kind.ANCHOR) {
        places.put(reading.partition(), place);
        held.add(reading);
      } else if (start.kind == Kind.PASSED_OVER) {
        passedOver.records(reading.partition(), start.from.orElseThrow(), place.offset());
      }
    }
    if (!places.isEmpty()) {
      held.forEach(reading -> reading.holdBack(true));
      anchors.add(new Anchor(held, anchoring.commit(places), nowNanos));
    }
  }

  private enum Kind {
    /** Asks the group where it was. */
    LOOK_UP,
    /** Looks up a place that the group does not have yet. */
    ANCHOR,
    /** Looks up a place that the application wants. */
    PLAIN,
    /** Looks up where to go on after what is gone. */
    PASSED_OVER
  }

  /** A reading whose position is not known yet; itself and no other. */
  @SuppressWarnings("ClassCanBeRecord") // two of one reading are two
  private static final class Start {

    private final Reading reading;
    private final Kind kind;
    private final OptionalLong from;

    Start(Reading reading, Kind kind) {
      this(reading, kind, OptionalLong.empty());
    }

    Start(Reading reading, Kind kind, OptionalLong from) {
      this.reading = reading;
      this.kind = kind;
      this.from = from;
    }
  }

  /** A first commit, and who waits for it. */
  private static final class Anchor {

    private final List<Reading> held;
    private final Commits.Pending commit;
    private final long sinceNanos;

    Anchor(List<Reading> held, Commits.Pending commit, long sinceNanos) {
      this.held = held;
      this.commit = commit;
      this.sinceNanos = sinceNanos;
    }

    boolean isOver(long nowNanos) {
      boolean isLate = nowNanos - sinceNanos >= ANCHOR_NANOS_MAX;
      if (!commit.isDone() && !isLate) {
        return false;
      }
      var why =
          commit.isDone()
              ? commit.failure().map(Throwable::getMessage)
              : Optional.of("there is no answer yet");
      why.ifPresent(text ->
          LOG.warn(
              "Expected to commit where reading begins, but {}; if this process ends before it"
                  + " commits, the group begins anew where auto.offset.reset says",
              text));
      held.forEach(reading -> reading.holdBack(false));
      return true;
    }
  }
}
