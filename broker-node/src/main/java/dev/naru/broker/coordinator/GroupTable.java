package dev.naru.broker.coordinator;

import dev.naru.broker.group.GroupEvent;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.GroupMachine;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The groups of a shard, and how many keys of its log they make. */
final class GroupTable {

  private final TreeMap<String, GroupSlot> slots = new TreeMap<>();
  private int keys;

  /** The group, which may be one that nothing is known of. */
  GroupSlot slot(String group) {
    var known = slots.get(group);
    return known == null ? new GroupSlot(group) : known;
  }

  Optional<GroupSlot> known(String group) {
    return Optional.ofNullable(slots.get(group));
  }

  /** In the order of their names. */
  Collection<GroupSlot> all() {
    return slots.values();
  }

  int keys() {
    return keys;
  }

  /** Applies what was read from the log. */
  void load(GroupChange change) {
    var slot = keep(slot(change.group()));
    var after = GroupMachine.evolve(slot.image(), change.event());
    count(slot.image(), after);
    slot.load(after);
    forgetIfEmpty(slot);
  }

  /** Why these events of a group are too many; empty if there is room for what they add. */
  Optional<Refused> whyNoRoom(GroupSlot slot, List<GroupEvent> events) {
    if (keys + events.size() <= ShardLimits.KEYS_MAX) {
      return Optional.empty();
    }
    long added = events.stream().filter(event -> adds(slot.image(), event)).count();
    return added > 0 && keys + added > ShardLimits.KEYS_MAX
        ? Optional.of(
            new Refused(
                ErrorCode.LIMIT_EXCEEDED,
                "Expected at most %d groups, members and offsets with this coordinator, but there are %d"
                    .formatted(ShardLimits.KEYS_MAX, keys)))
        : Optional.empty();
  }

  private static boolean adds(GroupImage image, GroupEvent event) {
    return switch (event) {
      case GroupEvent.GroupSet _ -> !image.exists();
      case GroupEvent.WishesSet(var member, _) -> !image.wishes().containsKey(member);
      case GroupEvent.HoldingsSet(var member, _) -> !image.holdings().containsKey(member);
      case GroupEvent.OffsetSet(var partition, _) -> image.committed(partition).isEmpty();
      case GroupEvent.GroupGone _,
          GroupEvent.WishesGone _,
          GroupEvent.HoldingsGone _,
          GroupEvent.OffsetGone _ ->
          false;
    };
  }

  /** Applies what was written, and returns the group as it is now. */
  GroupImage write(GroupSlot slot, List<GroupEvent> events, long end) {
    keep(slot);
    var after = slot.image();
    for (var event : events) {
      after = GroupMachine.evolve(after, event);
    }
    count(slot.image(), after);
    slot.write(after, end);
    return after;
  }

  /**
   * Nothing is kept of a group that is gone; not before that is committed, and nothing of the same
   * name is thrown away that has come since.
   */
  void forgetIfEmpty(GroupSlot slot) {
    if (slot.isEmpty()) {
      slots.remove(slot.group(), slot);
    }
  }

  private GroupSlot keep(GroupSlot slot) {
    slots.put(slot.group(), slot);
    return slot;
  }

  private void count(GroupImage before, GroupImage after) {
    keys += keysOf(after) - keysOf(before);
  }

  private static int keysOf(GroupImage image) {
    return (image.exists() ? 1 : 0)
        + image.wishes().size()
        + image.holdings().size()
        + image.offsets().size();
  }
}
