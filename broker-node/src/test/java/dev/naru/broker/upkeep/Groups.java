package dev.naru.broker.upkeep;

import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupEvent;
import dev.naru.broker.group.GroupHeader;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.GroupMachine;
import dev.naru.broker.group.GroupProtocol;
import dev.naru.broker.group.Hold;
import dev.naru.broker.group.Holdings;
import dev.naru.broker.group.Interest;
import dev.naru.broker.group.LagAnswer;
import dev.naru.broker.group.LagPosition;
import dev.naru.broker.group.MemberId;
import dev.naru.broker.group.MemberProfile;
import dev.naru.broker.group.Wishes;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Groups that have committed something in topic t. */
final class Groups {

  /** As in {@link dev.naru.broker.replica.LedCluster}. */
  static final TopicId TOPIC = TopicId.of(1, 1);

  private Groups() {}

  static PartitionId partition(int number) {
    return new PartitionId(TOPIC, number);
  }

  /** Without members. */
  static GroupImage group(String name) {
    return GroupMachine.evolve(
        GroupImage.empty(name),
        new GroupEvent.GroupSet(
            new GroupHeader(
                GroupProtocol.NATIVE,
                1,
                Interest.NONE,
                0,
                OptionalLong.empty(),
                TreePMap.empty(),
                Optional.empty())));
  }

  /** The first goes for partition 0, and so on. */
  static GroupImage group(String name, long... offsets) {
    var image = group(name);
    for (int i = 0; i < offsets.length; i++) {
      image = commit(image, partition(i), offsets[i]);
    }
    return image;
  }

  static GroupImage commit(GroupImage image, PartitionId partition, long offset) {
    return GroupMachine.evolve(image, new GroupEvent.OffsetSet(partition, Committed.at(offset, 0)));
  }

  /** The same group with this member, which has these partitions. */
  static GroupImage join(GroupImage image, int member, Integer... partitions) {
    var id = MemberId.of(0, member);
    var profile =
        new MemberProfile(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "app",
            "host",
            Duration.ofSeconds(45),
            Duration.ofMinutes(5));
    var held = TreePMap.<PartitionId, Hold>empty();
    var target = TreePSet.<PartitionId>empty();
    for (int number : partitions) {
      held = held.plus(partition(number), new Hold(1, OptionalInt.empty()));
      target = target.plus(partition(number));
    }
    var holdings = new Holdings(1, 1, held, target, false, Optional.empty());
    var wishes = new Wishes(profile, TreePSet.singleton("t"), List.of());
    return GroupMachine.evolve(
        GroupMachine.evolve(image, new GroupEvent.WishesSet(id, wishes)),
        new GroupEvent.HoldingsSet(id, holdings));
  }

  static LagPosition at(int partition, long offset) {
    return new LagPosition(partition(partition), offset, Optional.empty());
  }

  /** The log begins at 0, and the oldest record behind the position is of this time. */
  static LagAnswer ends(long highWatermark, long oldestMillis) {
    return new LagAnswer.Found(
        highWatermark, 0, OptionalLong.empty(), OptionalLong.of(oldestMillis));
  }
}
