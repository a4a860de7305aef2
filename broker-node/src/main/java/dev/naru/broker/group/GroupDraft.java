package dev.naru.broker.group;

import dev.naru.broker.group.GroupEvent.GroupSet;
import dev.naru.broker.group.GroupEvent.MemberGone;
import dev.naru.broker.group.GroupEvent.MemberSet;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A group as one command changes it: made by one call of decide, and thrown away by it. Knows which
 * members changed, so that they become events, and which partitions were touched, so that only
 * those are looked at by {@link Reconcile}.
 */
final class GroupDraft {

  private final GroupImage before;
  private final int epoch;
  private final TreeSet<MemberId> changed = new TreeSet<>();
  private final TreeSet<PartitionId> touched = new TreeSet<>();
  private GroupImage image;
  private GroupHeader header;

  private GroupDraft(GroupImage before, GroupHeader header) {
    this.before = before;
    this.image = before;
    this.header = header;
    this.epoch = header.epoch() + 1;
  }

  /** Of a group that exists, as every group with members does. */
  static GroupDraft of(GroupImage image) {
    return of(image, GroupProtocol.NATIVE, 0);
  }

  /** Of a group that is made, or changes to this protocol, unless it has members. */
  static GroupDraft of(GroupImage image, GroupProtocol protocol, long nowMillis) {
    var header = image.header().orElseGet(() -> GroupHeader.created(protocol, nowMillis));
    return new GroupDraft(
        image,
        image.hasMembers() || header.protocol() == protocol
            ? header
            : header.withProtocol(protocol));
  }

  /** What changes by this command gets this epoch. */
  int epoch() {
    return epoch;
  }

  GroupHeader header() {
    return header;
  }

  /** The members as they are by now. */
  Collection<Member> members() {
    return image.members().values();
  }

  Optional<Member> member(MemberId id) {
    return image.member(id);
  }

  Optional<MemberId> holderOf(PartitionId partition) {
    return image.holderOf(partition);
  }

  Optional<MemberId> targetOf(PartitionId partition) {
    return image.targetOf(partition);
  }

  /** The group as it is by now. */
  GroupImage image() {
    return image.with(header);
  }

  void change(UnaryOperator<GroupHeader> change) {
    header = change.apply(header);
  }

  /** Something that is told to members changes by this command. */
  void raiseEpoch() {
    header = header.withEpoch(epoch);
  }

  /** What a target is computed from changes by this command. */
  void changeInterest() {
    raiseEpoch();
    header = header.withInterest(epoch);
  }

  /** Adds or changes a member. One that is told something new carries the new epoch. */
  void put(Member member) {
    if (member.epoch() == epoch) {
      raiseEpoch();
    }
    var known = image.member(member.id());
    if (known.isPresent()) {
      touchDifference(known.get(), member);
    } else {
      touched.addAll(member.target());
    }
    changed.add(member.id());
    image = image.with(member);
  }

  void remove(MemberId id) {
    image
        .member(id)
        .ifPresent(member -> {
          touched.addAll(member.held().keySet());
          touched.addAll(member.target());
          changed.add(id);
          image = image.without(id);
        });
  }

  /** The partitions of which holder or target changed since this was last asked, in order. */
  List<PartitionId> takeTouched() {
    var taken = List.copyOf(touched);
    touched.clear();
    return taken;
  }

  /** The decision that all this amounts to. */
  Decision decision(long nowMillis) {
    if (image.hasMembers()) {
      header = header.withEmptySince(OptionalLong.empty());
    } else if (before.hasMembers()) {
      header = header.withEmptySince(OptionalLong.of(nowMillis));
    }
    return decision();
  }

  /** The decision of a command by which no member comes or goes. */
  Decision decision() {
    var events = new ArrayList<GroupEvent>();
    for (var id : changed) {
      var member = image.member(id);
      if (member.isPresent() && !member.equals(before.member(id))) {
        events.add(new MemberSet(member.get()));
      } else if (member.isEmpty() && before.member(id).isPresent()) {
        events.add(new MemberGone(id));
      }
    }
    if (!Optional.of(header).equals(before.header())) {
      events.add(new GroupSet(header));
    }
    return Decision.accepted(events);
  }

  private void touchDifference(Member before, Member after) {
    touchMissing(before.held().keySet(), after.held().keySet());
    touchMissing(before.target(), after.target());
    touchMissing(after.target(), before.target());
  }

  private void touchMissing(Set<PartitionId> in, Set<PartitionId> from) {
    for (var partition : in) {
      if (!from.contains(partition)) {
        touched.add(partition);
      }
    }
  }
}
