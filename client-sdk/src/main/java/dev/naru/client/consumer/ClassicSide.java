package dev.naru.client.consumer;

import dev.naru.client.AssignmentStrategy;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.ClassicAssignor;
import dev.naru.client.core.ClassicBytes;
import dev.naru.client.core.ClassicBytes.Wishes;
import dev.naru.client.core.ClassicEpoch;
import dev.naru.client.core.ClassicLead;
import dev.naru.client.core.ClassicOffer;
import dev.naru.client.core.ClassicWord;
import dev.naru.client.core.Grant;
import dev.naru.client.core.Held;
import dev.naru.client.core.MemberInput;
import dev.naru.client.core.MemberMessage;
import dev.naru.client.core.RetryPolicy;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.GroupCalls;
import dev.naru.client.transport.GroupCalls.Fetched;
import dev.naru.client.transport.Router;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a member of a classic group does that a native one leaves to the coordinator: it says what
 * it wants in words that only members understand, assigns for all when it is elected, and finds out
 * where the group was in what it is handed. Owned by the client's loop.
 */
final class ClassicSide {

  private static final Logger LOG = LoggerFactory.getLogger(ClassicSide.class);

  /** How long a share is taken for right that no node knows all of. */
  private static final long BELIEVED_NANOS = Duration.ofSeconds(5).toNanos();

  private final String group;
  private final List<AssignmentStrategy> strategies;
  private final Router router;
  private final GroupCalls calls;
  private final ClientLoop loop;
  private final Duration limit;
  private final RetryPolicy retry;
  private final RandomGenerator dice;
  private SortedSet<TopicPartition> handed = Collections.emptySortedSet(); // last of all
  private int generation; // in which that was
  private List<ClassicOffer> offers = List.of(); // as they were made to the present round
  private @Nullable ClassicWord last; // what was begun for those before is void
  private int failures; // in a row

  ClassicSide(
      String group,
      List<AssignmentStrategy> strategies,
      Router router,
      GroupCalls calls,
      ClientLoop loop,
      Duration limit,
      RetryPolicy retry,
      RandomGenerator dice) {
    this.group = group;
    this.strategies = List.copyOf(strategies);
    this.router = router;
    this.calls = calls;
    this.loop = loop;
    this.limit = limit;
    this.retry = retry;
    this.dice = dice;
  }

  /**
   * What is offered with a join. One that comes back with something in its hands says what it said
   * before: it does not want another round.
   */
  List<ClassicOffer> offersWith(MemberMessage.Join join) {
    boolean isOfOtherTopics =
        offers.isEmpty()
            || !ClassicBytes.wishes(offers.get(0).metadata()).topics().equals(join.topics());
    if (join.held().partitions().isEmpty() || isOfOtherTopics) {
      offers =
          strategies.stream()
              .map(strategy ->
                  new ClassicOffer(
                      strategy.text(), ClassicBytes.write(wishes(strategy, join.topics()))))
              .toList();
    }
    return offers;
  }

  /**
   * What a member had matters to one way only; to the others it is better to be the same always.
   */
  private Wishes wishes(AssignmentStrategy strategy, SortedSet<String> topics) {
    return strategy == AssignmentStrategy.STICKY
        ? new Wishes(topics, handed, generation)
        : new Wishes(topics, Collections.emptySortedSet(), 0);
  }

  /** What hears what comes of a word, as long as its stream is still the one. */
  interface Ear {

    boolean isStill(int stream);

    void take(MemberInput input);
  }

  /** Hears the coordinator; what comes of it may come later. */
  void hear(ClassicWord word, Ear ear) {
    ear.take(new MemberInput.Heard(word.stream(), word.heard()));
    last = word;
    failures = 0;
    if (word instanceof ClassicWord.Rejoin over) {
      int epoch = ClassicEpoch.over(over.generation());
      ear.take(new MemberInput.GivesBackAll(over.stream(), over.heard(), epoch));
    } else if (word instanceof ClassicWord.Elected elected) {
      lead(elected, ear);
    } else if (word instanceof ClassicWord.Handed share) {
      take(share, ear);
    }
  }

  private void lead(ClassicWord.Elected elected, Ear ear) {
    var assignor = ClassicAssignor.named(elected.protocol());
    if (assignor.isEmpty()) {
      LOG.warn(
          "Expected the group {} to be assigned by one of {}, but by {}: nobody is given anything",
          group,
          strategies,
          elected.protocol());
      ear.take(sync(elected.generation(), new TreeMap<>()));
      return;
    }
    var lead = ClassicLead.of(elected.generation(), assignor.get(), elected.members());
    new Count(elected, ear, lead.topics(), loop.nanoTime())
        .begin(counts -> ear.take(sync(lead.generation(), lead.shares(counts))));
  }

  private static MemberInput sync(int generation, SortedMap<UUID, ByteBuffer> shares) {
    return new MemberInput.Syncs(new MemberMessage.Sync(generation, shares));
  }

  private void take(ClassicWord.Handed share, Ear ear) {
    try {
      handed = ClassicBytes.assignment(share.assignment());
      generation = share.generation();
    } catch (IllegalArgumentException e) {
      LOG.warn("Expected a share of the group {}, but: {}", group, e.getMessage());
      handed = Collections.emptySortedSet();
    }
    take(share, handed, loop.nanoTime(), ear);
  }

  /** Whoever assigned may have heard of partitions that the nodes asked here have not. */
  private void take(
      ClassicWord.Handed share, SortedSet<TopicPartition> partitions, long sinceNanos, Ear ear) {
    var topics = new TreeSet<String>();
    partitions.forEach(partition -> topics.add(partition.topic()));
    new Count(share, ear, topics, loop.nanoTime())
        .begin(counts -> {
          var existing = new TreeSet<>(partitions);
          existing.removeIf(each -> each.partition() >= counts.getOrDefault(each.topic(), 0));
          boolean isBelieved = loop.nanoTime() - sinceNanos < BELIEVED_NANOS;
          boolean mayBeNew =
              partitions.stream()
                  .filter(each -> !existing.contains(each))
                  .anyMatch(each -> counts.containsKey(each.topic()));
          if (mayBeNew && isBelieved) {
            again(share, ear, () -> take(share, partitions, sinceNanos, ear));
          } else {
            find(share, existing, ear);
          }
        });
  }

  /** Where the group was is asked until it is known, or another stream brings another answer. */
  private void find(ClassicWord.Handed share, SortedSet<TopicPartition> partitions, Ear ear) {
    loop.whenDone(
        calls.fetch(group, partitions, limit),
        found -> ear.take(assigned(share, found)),
        failure -> {
          if (!ear.isStill(share.stream())) {
            LOG.debug("Another stream will say what the share is", failure);
          } else if (failure.isRetriable()) {
            again(share, ear, () -> find(share, partitions, ear));
          } else if (failure.code() == ErrorCode.TOPIC_NOT_FOUND) { // gone since it was counted
            again(share, ear, () -> take(share, partitions, loop.nanoTime(), ear));
          } else {
            var why = new Refused(failure.code(), String.valueOf(failure.getMessage()));
            ear.take(new MemberInput.Broken(share.stream(), why));
          }
        });
  }

  /** Tries again in a while, unless something newer was said meanwhile. */
  private void again(ClassicWord word, Ear ear, Runnable task) {
    loop.schedule(
        retry.waitNanos(++failures, dice),
        () -> {
          if (word.equals(last) && ear.isStill(word.stream())) {
            task.run();
          }
        });
  }

  private static MemberInput assigned(
      ClassicWord.Handed share, SortedMap<TopicPartition, Fetched> found) {
    int epoch = ClassicEpoch.handed(share.generation());
    var grants = new TreeMap<PartitionId, Grant>();
    found.forEach((name, fetched) -> {
      var id = new PartitionId(fetched.topic(), name.partition());
      grants.put(id, new Grant(id, name, epoch, fetched.position(), false));
    });
    return new MemberInput.Assigned(share.stream(), share.heard(), epoch, grants);
  }

  /** As a member that knows no generations hears it. */
  static MemberInput heard(MemberInput input) {
    return input instanceof MemberInput.Accepted accepted
        ? new MemberInput.Accepted(
            accepted.stream(),
            accepted.heard(),
            ClassicEpoch.handed(accepted.epoch()),
            accepted.heartbeatNanos())
        : input;
  }

  /** As a coordinator that grants nothing by itself understands it. */
  static MemberMessage said(MemberMessage message) {
    if (message instanceof MemberMessage.Join join) {
      var held = join.held();
      int generation = ClassicEpoch.generation(held.epoch());
      return new MemberMessage.Join(
          join.topics(),
          new Held(held.incarnation(), generation, held.partitions()),
          join.attempt());
    }
    return message instanceof MemberMessage.Holding ? new MemberMessage.Heartbeat() : message;
  }

  /**
   * How many partitions topics have now, and not when the view was asked for: one that was added
   * since is in no other round before the next change. What does not exist nobody reads yet.
   */
  private final class Count {

    private final ClassicWord word;
    private final Ear ear;
    private final Deque<String> names;
    private final long sinceNanos;
    private final SortedMap<String, Integer> counts = new TreeMap<>();
    private Consumer<SortedMap<String, Integer>> then = counts -> {};

    Count(ClassicWord word, Ear ear, SortedSet<String> names, long sinceNanos) {
      this.word = word;
      this.ear = ear;
      this.names = new ArrayDeque<>(names);
      this.sinceNanos = sinceNanos;
    }

    void begin(Consumer<SortedMap<String, Integer>> counted) {
      then = counted;
      next();
    }

    private void next() {
      var name = names.peek();
      if (name == null) {
        then.accept(counts);
        return;
      }
      loop.whenDone(
          router.topicSince(name, sinceNanos, limit.toNanos()),
          topic -> {
            counts.put(name, topic.partitionCount());
            goOn();
          },
          failure -> {
            LOG.debug("Nobody reads {} yet", name, failure);
            if (failure.isRetriable()) {
              again(word, ear, this::next);
            } else {
              goOn();
            }
          });
    }

    private void goOn() {
      names.remove();
      next();
    }
  }
}
