package dev.naru.broker.rpc;

import dev.naru.broker.events.RepeatLimit;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.machine.InternalTopics;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Makes {@code __events} when somebody first looks for it, so that a cluster where nobody does is
 * not given a topic that nobody asked for. For any thread that may wait for the metadata quorum.
 */
public final class EventsTopic {

  private static final Logger LOG = LogManager.getLogger(EventsTopic.class);

  /** Whoever asked may want other topics, too, which are there: longer than a change takes. */
  private static final Duration WAIT_MAX = Duration.ofSeconds(2);

  private final Supplier<ClusterSnapshot> cluster;
  private final Function<CreateTopic, Applied> changes;
  private final RandomGenerator dice;
  private final LongSupplier nanoClock;
  private final RepeatLimit refusals = new RepeatLimit();

  /** Held by who makes the topic. The others are told that it is not there yet. */
  private final ReentrantLock making = new ReentrantLock();

  /** Looks here, and makes the topic by these changes. */
  public EventsTopic(
      Supplier<ClusterSnapshot> cluster,
      MetadataChanges changes,
      RandomGenerator dice,
      LongSupplier nanoClock) {
    this(cluster, command -> changes.makeWithin(WAIT_MAX, command), dice, nanoClock);
  }

  EventsTopic(
      Supplier<ClusterSnapshot> cluster,
      Function<CreateTopic, Applied> changes,
      RandomGenerator dice,
      LongSupplier nanoClock) {
    this.cluster = cluster;
    this.changes = changes;
    this.dice = dice;
    this.nanoClock = nanoClock;
  }

  /**
   * Sees to it that the topic is there if it is among these, the rules in force know it, and there
   * is a controller to ask. What keeps it from being made is written down once a minute; whoever
   * asked hears that there is none.
   */
  void makeIfAmong(List<String> names) {
    if (names.contains(InternalTopics.EVENTS) && isDue(cluster.get()) && making.tryLock()) {
      try {
        make();
      } catch (StatusRuntimeException refused) {
        refusals
            .next(nanoClock.getAsLong())
            .ifPresent(others ->
                LOG.info(
                    "{} was asked for and not made: {} ({} times more since this was last said)",
                    InternalTopics.EVENTS,
                    refused.getStatus().getDescription(),
                    others));
      } finally {
        making.unlock();
      }
    }
  }

  private static boolean isDue(ClusterSnapshot now) {
    var image = now.image();
    return now.controller().isPresent()
        && image.topicNamed(InternalTopics.EVENTS).isEmpty()
        && InternalTopics.isKnown(InternalTopics.EVENTS, image.metadataVersion());
  }

  private void make() {
    var now = cluster.get();
    if (isDue(now)) {
      int copies = InternalTopics.copies(now.quorum().voters().size(), now.image().nodes().size());
      var _ = changes.apply(InternalTopics.events(NewTopicId.from(dice), copies, dice.nextLong()));
    }
  }
}
