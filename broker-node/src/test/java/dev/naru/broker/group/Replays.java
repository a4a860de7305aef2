package dev.naru.broker.group;

import dev.naru.broker.group.GroupEvent.GroupGone;
import dev.naru.broker.group.GroupEvent.GroupSet;
import dev.naru.broker.group.GroupEvent.HoldingsGone;
import dev.naru.broker.group.GroupEvent.HoldingsSet;
import dev.naru.broker.group.GroupEvent.OffsetGone;
import dev.naru.broker.group.GroupEvent.OffsetSet;
import dev.naru.broker.group.GroupEvent.WishesGone;
import dev.naru.broker.group.GroupEvent.WishesSet;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** A group's log, as a node may find it that has to read it. */
final class Replays {

  private Replays() {}

  /**
   * The log after a compaction: of each key the last state is there, and any of the others; a key
   * whose last word is that it is gone may be missing altogether.
   */
  static List<GroupEvent> compacted(List<GroupEvent> log, RandomGenerator random) {
    var last = new TreeMap<String, Integer>();
    for (int i = 0; i < log.size(); i++) {
      last.put(key(log.get(i)), i);
    }
    var purged = last.keySet().stream().filter(key -> random.nextBoolean()).toList();
    int keptOfTen = random.nextInt(11);
    var kept = new ArrayList<GroupEvent>();
    for (int i = 0; i < log.size(); i++) {
      var event = log.get(i);
      boolean isLast = last.getOrDefault(key(event), i) == i;
      boolean isPurged =
          purged.contains(key(event)) && isGone(log.get(last.getOrDefault(key(event), i)));
      if (!isPurged && (isLast || random.nextInt(10) < keptOfTen)) {
        kept.add(event);
      }
    }
    return kept;
  }

  static GroupImage replay(String group, List<GroupEvent> log) {
    var image = GroupImage.empty(group);
    for (var event : log) {
      image = GroupMachine.evolve(image, event);
    }
    return image;
  }

  private static boolean isGone(GroupEvent event) {
    return switch (event) {
      case GroupGone _, WishesGone _, HoldingsGone _, OffsetGone _ -> true;
      case GroupSet _, WishesSet _, HoldingsSet _, OffsetSet _ -> false;
    };
  }

  private static String key(GroupEvent event) {
    return switch (event) {
      case GroupSet _, GroupGone _ -> "group";
      case WishesSet(var member, var wishes) -> "wishes " + member;
      case WishesGone(var member) -> "wishes " + member;
      case HoldingsSet(var member, var holdings) -> "holdings " + member;
      case HoldingsGone(var member) -> "holdings " + member;
      case OffsetSet(var partition, var committed) -> "offset " + partition;
      case OffsetGone(var partition) -> "offset " + partition;
    };
  }
}
