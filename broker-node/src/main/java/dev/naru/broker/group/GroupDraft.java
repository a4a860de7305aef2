package dev.naru.broker.group;

import dev.naru.broker.group.GroupEvent.GroupSet;
import dev.naru.broker.group.GroupEvent.HoldingsGone;
import dev.naru.broker.group.GroupEvent.HoldingsSet;
import dev.naru.broker.group.GroupEvent.WishesGone;
import dev.naru.broker.group.GroupEvent.WishesSet;
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
    header = header.withInterest(header.interest().changedAt(epoch));
  }

  /**
   * A place has another owner, and nothing else has changed: a target that was made stays made. One
   * that is being computed knows the place by its old owner, and is not taken any more.
   */
  void keepTargetForNewOwner() {
    boolean wasMade = !header.isTargetDue();
    changeInterest();
    if (wasMade) {
      targetMade();
    }
  }

  /** The target answers all that was asked. */
  void targetMade() {
    header = header.withInterest(header.interest().made());
  }

  /** What is shared are these topics. A group that has seen newer ones knows better. */
  void sharesOf(TopicsSeen topics) {
    if (!header.interest().isNewerThan(topics)) {
      long digest = topics.digestOf(image.subscribed());
      header = header.withInterest(header.interest().of(topics, digest));
    }
  }

  /** Whether these are the topics that it shares already. */
  boolean isShareOf(TopicsSeen topics) {
    return header.interest().topicsDigest() == topics.digestOf(image.subscribed());
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
      addEvents(id, events);
    }
    if (!Optional.of(header).equals(before.header())) {
      events.add(new GroupSet(header));
    }
    return Decision.accepted(events);
  }

  /** Of a member's two keys those that changed. */
  private void addEvents(MemberId id, List<GroupEvent> events) {
    var was = before.member(id);
    var now = image.member(id);
    if (now.isEmpty()) {
      if (was.isPresent()) {
        events.add(new WishesGone(id));
        events.add(new HoldingsGone(id));
      }
      return;
    }
    if (!was.map(Member::wishes).equals(now.map(Member::wishes))) {
      events.add(new WishesSet(id, now.get().wishes()));
    }
    if (!was.map(Member::holdings).equals(now.map(Member::holdings))) {
      events.add(new HoldingsSet(id, now.get().holdings()));
    }
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
