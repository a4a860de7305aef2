package dev.naru.broker.upkeep;

import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.MemberState;
import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.metrics.LabelledGauges;
import dev.naru.types.PartitionId;
import io.micrometer.core.instrument.Tags;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Shows how many members the groups that are coordinated here have, by state. Other nodes show
 * those of theirs, so that none is counted twice. For one thread.
 */
final class GroupMembers {

  /** Groups with series of their own: the largest; the others are counted together. */
  static final int GROUPS_MAX = 500;

  private static final String OTHER_GROUPS = "_other";

  private final LabelledGauges members;
  private final TreeMap<PartitionId, List<GroupImage>> groups = new TreeMap<>();

  /** Shows them there. */
  GroupMembers(NodeMeters meters) {
    members = meters.gauges(BrokerMetric.GROUP_MEMBERS);
  }

  /** From now on these: all that are coordinated here, by the partitions that they belong to. */
  void show(Map<PartitionId, List<GroupImage>> coordinated) {
    groups.clear();
    groups.putAll(coordinated);
    show();
  }

  /** Another node shows those of this partition. */
  void forget(PartitionId shard) {
    if (groups.remove(shard) != null) {
      show();
    }
  }

  private void show() {
    var counts = new TreeMap<String, EnumMap<MemberState, Integer>>();
    groups.values().stream()
        .flatMap(List::stream)
        .filter(GroupImage::hasMembers)
        .sorted(
            Comparator.comparingInt((GroupImage group) -> group.members().size())
                .reversed()
                .thenComparing(GroupImage::group))
        .forEach(group ->
            count(
                group,
                counts.computeIfAbsent(
                    counts.size() < GROUPS_MAX ? group.group() : OTHER_GROUPS,
                    label -> new EnumMap<>(MemberState.class))));
    var now = new HashMap<Tags, Integer>();
    counts.forEach((group, byState) ->
        byState.forEach((state, count) ->
            now.put(
                Tags.of("group", group, "state", state.name().toLowerCase(Locale.ROOT)), count)));
    members.show(now);
  }

  private static void count(GroupImage group, EnumMap<MemberState, Integer> byState) {
    group
        .members()
        .values()
        .forEach(member -> byState.merge(group.stateOf(member), 1, Integer::sum));
  }
}
