package dev.naru.broker.upkeep;

import dev.naru.broker.coordinator.ShardNotices;
import dev.naru.broker.events.EventCode;
import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import io.micrometer.core.instrument.Tags;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Says what coordinators do, and counts it. For any thread. */
public final class GroupNotices implements ShardNotices {

  private static final Logger LOG = LogManager.getLogger(GroupNotices.class);

  /** Series of a counter; groups beyond are counted together. */
  private static final int GROUPS_MAX = 200;

  private static final String OTHER_GROUPS = "_other";

  private final NodeMeters meters;
  private final Function<PartitionId, String> names;
  private final LagWatch lag;
  private final Set<PartitionId> unreadable = ConcurrentHashMap.newKeySet();
  private final Set<String> groups = ConcurrentHashMap.newKeySet();

  /**
   * Counts here.
   *
   * @param names of partitions, for people
   * @param lag is to know who is no coordinator any more, and why members went
   */
  public GroupNotices(NodeMeters meters, Function<PartitionId, String> names, LagWatch lag) {
    this.meters = meters;
    this.names = names;
    this.lag = lag;
    meters.gauge(BrokerMetric.COORDINATOR_FAILED, Tags.empty(), unreadable::size);
  }

  @Override
  public void loaded(PartitionId partition, int groupCount, int keys) {
    if (groupCount > 0) {
      LOG.info(
          "Coordinates the {} groups of {}, with {} members and offsets",
          groupCount,
          names.apply(partition),
          keys - groupCount);
    }
  }

  @Override
  public void unreadable(PartitionId partition, Refused why) {
    unreadable.add(partition);
    meters.count(EventCode.GROUP_LOG_UNREADABLE);
    LOG.error(
        EventCode.GROUP_LOG_UNREADABLE.marker(),
        "No group of {} is coordinated: {}",
        names.apply(partition),
        why);
  }

  @Override
  public void ended(PartitionId partition) {
    unreadable.remove(partition);
    lag.ended(partition);
  }

  @Override
  public void rebalanced(String group, int epoch, String cause, int moved) {
    meters.count(EventCode.GROUP_REBALANCED);
    meters
        .registry()
        .counter(BrokerMetric.GROUP_REBALANCES.id(), Tags.of("group", label(group), "cause", cause))
        .increment();
    LOG.info(
        EventCode.GROUP_REBALANCED.marker(),
        "Group {} shares anew at epoch {} ({}): {} partitions go to other members",
        group,
        epoch,
        cause,
        moved);
  }

  private String label(String group) {
    if (!groups.contains(group) && groups.size() >= GROUPS_MAX) {
      return OTHER_GROUPS;
    }
    groups.add(group);
    return group;
  }

  @Override
  public void memberGone(String group, String member, String cause) {
    lag.memberGone(group, cause);
    LOG.info("Member {} is out of group {}: {}", member, group, cause);
  }
}
