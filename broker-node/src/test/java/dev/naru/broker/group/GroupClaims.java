package dev.naru.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.types.PartitionId;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What holds of every group after every command. */
final class GroupClaims {

  private GroupClaims() {}

  static void check(GroupImage image) {
    checkIndexes(image);
    image.header().ifPresent(header -> checkHeader(image, header));
    for (var member : image.members().values()) {
      assertThat(member.epoch()).as("epoch of %s", member.id()).isBetween(1, image.epoch());
      checkHolds(image, member);
    }
  }

  static void checkSuccession(GroupImage before, GroupImage after) {
    if (after.exists()) {
      assertThat(after.epoch()).isBetween(before.epoch(), before.epoch() + 1);
    }
    for (var member : after.members().values()) {
      var known = before.member(member.id());
      if (known.isPresent()
          && !member.isAway() // and so told nothing
          && !known.get().allowed().equals(member.allowed())) {
        assertThat(member.epoch()).as("told something new").isEqualTo(before.epoch() + 1);
      }
    }
  }

  /** One holder at most of each partition, and one target. */
  private static void checkIndexes(GroupImage image) {
    var holders = new TreeMap<PartitionId, MemberId>();
    var targets = new TreeMap<PartitionId, MemberId>();
    for (var member : image.members().values()) {
      for (var partition : member.held().keySet()) {
        assertThat(holders.put(partition, member.id()))
            .as("other holder of %s", partition)
            .isNull();
      }
      for (var partition : member.target()) {
        assertThat(targets.put(partition, member.id()))
            .as("other target of %s", partition)
            .isNull();
      }
    }
    var wanted = Wanted.NOTHING;
    for (var member : image.members().values()) {
      wanted = wanted.plus(member.wishes());
    }
    assertThat(image.wanted()).isEqualTo(wanted);
    assertThat(image.members()).hasSameSizeAs(image.wishes()).hasSameSizeAs(image.holdings());
    assertThat(image.holders()).isEqualTo(holders);
    assertThat(image.targets()).isEqualTo(targets);
  }

  private static void checkHeader(GroupImage image, GroupHeader header) {
    assertThat(header.targetEpoch()).isLessThanOrEqualTo(header.interestEpoch());
    assertThat(header.interestEpoch()).isLessThanOrEqualTo(header.epoch());
    assertThat(header.classic().isPresent()).isEqualTo(header.protocol() == GroupProtocol.CLASSIC);
    if (image.hasMembers()) {
      assertThat(header.emptySinceMillis()).isEmpty();
      assertThat(image.members().values())
          .allMatch(member -> member.classic().isPresent() == image.isClassic());
    }
  }

  /** Each partition is where the table of {@link Reconcile} says. */
  private static void checkHolds(GroupImage image, Member member) {
    for (var entry : member.held().entrySet()) {
      var hold = entry.getValue();
      assertThat(hold.grantedEpoch()).isLessThanOrEqualTo(image.epoch());
      if (hold.isRevoked()) {
        assertThat(hold.revokedEpoch().getAsInt())
            .isGreaterThan(hold.grantedEpoch())
            .isLessThanOrEqualTo(member.epoch());
        assertThat(member.isAway()).as("owed by one that is away").isFalse();
      } else {
        assertThat(hold.grantedEpoch()).isLessThanOrEqualTo(member.epoch());
        assertThat(member.target()).contains(entry.getKey());
      }
    }
    for (var partition : member.target()) {
      var holder = image.holderOf(partition).flatMap(image::member);
      boolean isHeldBySelf = holder.equals(Optional.of(member));
      boolean isOwed =
          holder.flatMap(known -> known.hold(partition)).filter(Hold::isRevoked).isPresent();
      assertThat(isHeldBySelf || isOwed)
          .as("%s is free, and %s's", partition, member.id())
          .isTrue();
    }
  }

  /** When all have done as they were told: everything is read by somebody who wants it. */
  static void checkSettled(GroupImage image, TopicsSeen topics) {
    assertThat(image.isTargetDue()).isFalse();
    assertThat(image.members().values())
        .as("what members want covers their targets")
        .allMatch(
            member -> topics.covered(member.target(), member.topics()).equals(member.target()));
    var wanted = new TreeSet<PartitionId>();
    for (var name : image.subscribed()) {
      topics
          .named(name)
          .ifPresent(topic -> {
            for (int number = 0; number < topic.partitions(); number++) {
              wanted.add(new PartitionId(topic.id(), number));
            }
          });
    }
    assertThat(image.holders().keySet()).isEqualTo(wanted);
    assertThat(image.members().values())
        .allMatch(member -> member.held().keySet().equals(member.target()));
    assertThat(image.hasMembers() ? image.state() : GroupState.STABLE).isEqualTo(GroupState.STABLE);
  }
}
