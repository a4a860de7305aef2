package dev.naru.broker.upkeep;

import dev.naru.broker.events.EventCode;
import dev.naru.broker.events.RepeatLimit;
import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.partition.Notices;
import dev.naru.broker.replica.PartitionEvent;
import dev.naru.broker.replica.PartitionEvent.BecameFollower;
import dev.naru.broker.replica.PartitionEvent.BecameLeader;
import dev.naru.broker.replica.PartitionEvent.CorruptionFound;
import dev.naru.broker.replica.PartitionEvent.DuplicateMet;
import dev.naru.broker.replica.PartitionEvent.FollowerHalted;
import dev.naru.broker.replica.PartitionEvent.IsrChanged;
import dev.naru.broker.replica.PartitionEvent.IsrExpandProposed;
import dev.naru.broker.replica.PartitionEvent.IsrProposalRefused;
import dev.naru.broker.replica.PartitionEvent.IsrShrinkProposed;
import dev.naru.broker.replica.PartitionEvent.LogTruncated;
import dev.naru.broker.replica.PartitionEvent.SequenceRefused;
import dev.naru.broker.replica.PartitionEvent.SequenceReused;
import dev.naru.broker.replica.PartitionEvent.StorageFailed;
import dev.naru.broker.replica.PartitionEvent.SubscriptionBroken;
import dev.naru.broker.replica.PartitionEvent.SubscriptionRefused;
import dev.naru.broker.replica.PartitionEvent.WentOffline;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import io.micrometer.core.instrument.Counter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Tells people and metrics what happens to partitions, each thing once, where it happens. */
public final class PartitionNotices implements Notices {

  private static final Logger LOG = LogManager.getLogger(PartitionNotices.class);

  private static final String OF_LAG = "lag";
  private static final String OF_NODE = "node";
  private static final String CLEAN = "clean";
  private static final String UNCLEAN = "unclean";

  private final Supplier<ClusterImage> image;
  private final ReplicaFaults faults;
  private final NodeMeters meters;
  private final Counter duplicates;
  private final LongSupplier nanoClock;
  private final RepeatLimit reused = new RepeatLimit();

  /** All partitions of a disk find it full at the same time, again and again. */
  private final RepeatLimit withoutRoom = new RepeatLimit();

  /**
   * Tells of partitions by the names that this image has for them.
   *
   * @param nanoClock so that what clients do wrong does not fill the log
   */
  public PartitionNotices(
      Supplier<ClusterImage> image,
      ReplicaFaults faults,
      NodeMeters meters,
      LongSupplier nanoClock) {
    this.image = image;
    this.faults = faults;
    this.meters = meters;
    this.nanoClock = nanoClock;
    duplicates = meters.counter(BrokerMetric.PRODUCER_DUPLICATES);
    // So that the first one is a rise, which alerts watch for.
    List.of(OF_LAG, OF_NODE)
        .forEach(cause -> meters.counter(BrokerMetric.ISR_SHRINKS, "cause", cause));
    List.of(CLEAN, UNCLEAN)
        .forEach(type -> meters.counter(BrokerMetric.LEADER_ELECTIONS, "type", type));
  }

  @Override
  public void report(PartitionId partition, PartitionEvent event) {
    var name = image.get().nameOf(partition);
    switch (event) {
      case BecameLeader(var epoch, long epochStart, var isr) -> {
        meters.count(EventCode.LEADER_ELECTED);
        meters
            .counter(BrokerMetric.LEADER_ELECTIONS, "type", electionType(partition, epoch))
            .increment();
        LOG.info("Leads {} in epoch {} from offset {}, in sync: {}", name, epoch, epochStart, isr);
      }
      case BecameFollower(var epoch, var leader) ->
          LOG.debug("Follows {} in epoch {} at node {}", name, epoch, leader);
      case WentOffline(var epoch, var why) ->
          LOG.info("Has no role in {} in epoch {}: {}", name, epoch, why);
      case IsrShrinkProposed(var replica, var cause) -> shrunk(name, replica, cause, OF_LAG);
      case IsrExpandProposed(var replica) ->
          LOG.debug("Proposes node {} for the in-sync replicas of {}", replica, name);
      case IsrProposalRefused(var proposal, var why) ->
          LOG.info("The proposal {} was refused: {}", proposal, why);
      case IsrChanged changed -> changed(name, changed);
      case LogTruncated(long from, long to, var why) -> {
        meters.count(EventCode.LOG_TRUNCATED);
        LOG.warn(
            EventCode.LOG_TRUNCATED.marker(),
            "The log of {} was cut from {} to {}; what was cut is in lost+found: {}",
            name,
            from,
            to,
            why);
      }
      case DuplicateMet(long firstOffset) -> {
        duplicates.increment();
        LOG.debug("A batch of {} came again, it is at offset {}", name, firstOffset);
      }
      case SequenceRefused(var why) -> {
        refused(why);
        LOG.debug("A batch for {} was refused: {}", name, why);
      }
      case SequenceReused(var why) -> {
        refused(why);
        meters.count(EventCode.SEQUENCE_REUSED);
        reused
            .next(nanoClock.getAsLong())
            .ifPresent(suppressed ->
                LOG.error(
                    EventCode.SEQUENCE_REUSED.marker(),
                    "A batch for {} was refused: {}. Its producer gave the same numbers twice, or another one has its id ({} more since the last line)",
                    name,
                    why,
                    suppressed));
      }
      case SubscriptionRefused(var follower, var why) -> subscriptionRefused(name, follower, why);
      case SubscriptionBroken(var subscription, var why) ->
          LOG.info("Subscription {} to {} ended: {}", subscription, name, why);
      case CorruptionFound(var damage) -> {
        meters.count(EventCode.CORRUPTION_FOUND);
        LOG.error(
            EventCode.CORRUPTION_FOUND.marker(),
            "{} is out of use here until it has been fetched again: {}",
            name,
            damage);
        faults.damaged(damage);
      }
      case FollowerHalted(var why) -> {
        meters.count(EventCode.FOLLOWER_HALTED);
        LOG.error(EventCode.FOLLOWER_HALTED.marker(), "Follows {} no more: {}", name, why);
      }
      // The directory has told of its failure, for all that lie in it.
      case StorageFailed(var what) -> LOG.info("{} is out of use here: {}", name, what);
    }
  }

  /** Unclean is who leads because something was given up for it. */
  private String electionType(PartitionId partition, LeaderEpoch epoch) {
    return image
            .get()
            .partition(partition)
            .filter(known -> known.losses().at(epoch).isPresent())
            .isPresent()
        ? UNCLEAN
        : CLEAN;
  }

  private void subscriptionRefused(String partition, Optional<NodeId> follower, Refused why) {
    var limited =
        why.code() == ErrorCode.DISK_FULL
            ? withoutRoom.next(nanoClock.getAsLong())
            : OptionalLong.of(0);
    limited.ifPresent(suppressed ->
        LOG.info(
            "The subscription of {} to {} was refused: {}{}",
            follower.map(node -> "node " + node).orElse("this node"),
            partition,
            why,
            suppressed == 0 ? "" : " (" + suppressed + " more since the last line)"));
  }

  private void refused(Refused why) {
    meters.counter(BrokerMetric.PRODUCER_SEQUENCE_REFUSALS, "code", why.code().name()).increment();
  }

  /** A member that leaves because its node is gone, not because it lags, is warned of here. */
  private void changed(String name, IsrChanged changed) {
    for (var lost : changed.before()) {
      if (!changed.after().contains(lost) && !isServing(lost)) {
        shrunk(name, lost, "its node is " + stateOf(lost), OF_NODE);
      }
    }
    for (var gained : changed.after()) {
      if (!changed.before().contains(gained)) {
        meters.count(EventCode.ISR_EXPANDED);
        meters.registry().counter(BrokerMetric.ISR_EXPANDS.id()).increment();
        LOG.info("Node {} is in sync again in {}", gained, name);
      }
    }
  }

  private void shrunk(String name, NodeId replica, String cause, String causeLabel) {
    meters.count(EventCode.ISR_SHRUNK);
    meters.counter(BrokerMetric.ISR_SHRINKS, "cause", causeLabel).increment();
    LOG.warn(
        EventCode.ISR_SHRUNK.marker(),
        "Node {} leaves the in-sync replicas of {}: {}",
        replica,
        name,
        cause);
  }

  private boolean isServing(NodeId node) {
    return image.get().isEligible(node);
  }

  private String stateOf(NodeId node) {
    return image.get().node(node).map(NodeImage::state).map(Enum::name).orElse("unknown");
  }
}
