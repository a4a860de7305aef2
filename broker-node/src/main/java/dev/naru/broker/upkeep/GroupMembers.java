package dev.naru.broker.upkeep;

import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.MemberState;
import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.broker.metrics.NodeMeters;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Locale;
import java.util.TreeMap;

/**
 * Shows how many members the groups that are coordinated here have, by state. Other nodes show
 * those of theirs, so that none is counted twice. For one thread at a time.
 */
public final class GroupMembers {

  /** Groups with series of their own: the largest; the others are counted together. */
  static final int GROUPS_MAX = 500;

  private static final String OTHER_GROUPS = "_other";

  private final MultiGauge members;

  /** Shows them there. */
  public GroupMembers(NodeMeters meters) {
    members = meters.gauges(BrokerMetric.GROUP_MEMBERS);
  }

  /** From now on these: all that are coordinated here. */
  public void show(Collection<GroupImage> groups) {
    var counts = new TreeMap<String, EnumMap<MemberState, Integer>>();
    groups.stream()
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
    var rows = new ArrayList<MultiGauge.Row<?>>();
    counts.forEach((group, byState) ->
        byState.forEach((state, count) ->
            rows.add(
                MultiGauge.Row.of(
                    Tags.of("group", group, "state", state.name().toLowerCase(Locale.ROOT)),
                    count))));
    members.register(rows, true);
  }

  private static void count(GroupImage group, EnumMap<MemberState, Integer> byState) {
    group
        .members()
        .values()
        .forEach(member -> byState.merge(group.stateOf(member), 1, Integer::sum));
  }
}
