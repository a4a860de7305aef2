package dev.naru.broker.group;

import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * All that is agreed on about one group. Immutable; a change shares all it does not touch with the
 * image before it.
 *
 * <p>Made of states, one for each key of the group's log: the header, two of each member, each
 * offset. Setting one never asks what the others are, so the image depends on the last state of
 * each key and on nothing else, and a log may be replayed after any compaction.
 *
 * @param members those of which both keys are known, as they are after every command; derived from
 *     {@code wishes} and {@code holdings}
 * @param wanted what all members want together; derived from {@code wishes}
 * @param holders who has which partition in its hands; derived from {@code holdings}. Invariant: no
 *     partition is in the hands of two
 * @param targets who should have which partition; derived from {@code holdings}
 */
public record GroupImage(
    String group,
    Optional<GroupHeader> header,
    TreePMap<MemberId, Wishes> wishes,
    TreePMap<MemberId, Holdings> holdings,
    TreePMap<MemberId, Member> members,
    TreePMap<PartitionId, Committed> offsets,
    Wanted wanted,
    TreePMap<PartitionId, MemberId> holders,
    TreePMap<PartitionId, MemberId> targets) {

  /** A group of which nothing is known. */
  public static GroupImage empty(String group) {
    return new GroupImage(
        group,
        Optional.empty(),
        TreePMap.empty(),
        TreePMap.empty(),
        TreePMap.empty(),
        TreePMap.empty(),
        Wanted.NOTHING,
        TreePMap.empty(),
        TreePMap.empty());
  }

  /** Whether there is such a group. */
  public boolean exists() {
    return header.isPresent();
  }

  /**
   * Whether nothing at all is known of the group: not even half a member, as while a log is read
   * that holds the one of its keys before the other.
   */
  public boolean isEmpty() {
    return header.isEmpty() && wishes.isEmpty() && holdings.isEmpty() && offsets.isEmpty();
  }

  /** Members that are away count, too: their places are taken. */
  public boolean hasMembers() {
    return !members.isEmpty();
  }

  public boolean isClassic() {
    return header.filter(known -> known.protocol() == GroupProtocol.CLASSIC).isPresent();
  }

  /** Rises with every change of what a member is allowed; 0 before the first one. */
  public int epoch() {
    return header.map(GroupHeader::epoch).orElse(0);
  }

  /**
   * Whether a new target is to be computed: somebody joined, or it was too much to be done at once.
   */
  public boolean isTargetDue() {
    return header.filter(GroupHeader::isTargetDue).isPresent();
  }

  public Optional<Member> member(MemberId id) {
    return Optional.ofNullable(members.get(id));
  }

  /** The member with this {@code group.instance.id}. */
  public Optional<Member> instance(String instance) {
    return members.values().stream()
        .filter(member -> member.profile().instance().equals(Optional.of(instance)))
        .findFirst();
  }

  /** In whose hands the partition is, also if it is to be given back. */
  public Optional<MemberId> holderOf(PartitionId partition) {
    return Optional.ofNullable(holders.get(partition));
  }

  /** In whose hands the partition should be. */
  public Optional<MemberId> targetOf(PartitionId partition) {
    return Optional.ofNullable(targets.get(partition));
  }

  public Optional<Committed> committed(PartitionId partition) {
    return Optional.ofNullable(offsets.get(partition));
  }

  /** The names that any of the members subscribed to. */
  public TreePSet<String> subscribed() {
    return wanted.names();
  }

  /** All that a native member may read, to be told as a whole; nothing of one not known. */
  public List<Grant> told(MemberId id) {
    return member(id).stream()
        .flatMap(member -> member.held().entrySet().stream())
        .filter(entry -> !entry.getValue().isRevoked())
        .map(entry -> grant(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Whether a classic member is to come again, with empty hands, for the round there is now. */
  public boolean isAwaited(Member member) {
    return !member.isAway()
        && header
            .filter(known -> known.classic().isPresent())
            .filter(known -> known.round().isOpen() && known.epoch() != member.epoch())
            .isPresent();
  }

  /** As people see it. Looks at every member. */
  public GroupState state() {
    if (!hasMembers()) {
      return GroupState.EMPTY;
    }
    boolean isSettled =
        isClassic()
            ? header.filter(known -> known.round().phase() == ClassicPhase.STABLE).isPresent()
            : !isTargetDue()
                && members.values().stream()
                    .allMatch(member -> member.allowed().equals(member.target()));
    boolean isOwed = members.values().stream().anyMatch(Member::owesSomething);
    return isSettled && !isOwed ? GroupState.STABLE : GroupState.REBALANCING;
  }

  /** One of its members as people see it. */
  public MemberState stateOf(Member member) {
    if (member.isAway()) {
      return MemberState.AWAY;
    }
    if (member.isStandby()) {
      return MemberState.IDLE_STANDBY;
    }
    boolean isSettled =
        isClassic()
            ? !isAwaited(member)
            : !member.owesSomething() && member.allowed().equals(member.target());
    return isSettled ? MemberState.ACTIVE : MemberState.RECONCILING;
  }

  /** The same group with this header. */
  GroupImage with(GroupHeader changed) {
    return withHeader(Optional.of(changed));
  }

  GroupImage withoutHeader() {
    return withHeader(Optional.empty());
  }

  /** The same group with this member added or changed. */
  GroupImage with(Member member) {
    return with(member.id(), member.wishes()).with(member.id(), member.holdings());
  }

  /** The same group without this member; itself, if it has no such one. */
  GroupImage without(MemberId id) {
    return withoutWishes(id).withoutHoldings(id);
  }

  GroupImage with(MemberId id, Wishes changed) {
    var before = wishes.get(id);
    if (changed.equals(before)) {
      return this;
    }
    var other = holdings.get(id);
    return new GroupImage(
        group,
        header,
        wishes.plus(id, changed),
        holdings,
        other == null ? members : members.plus(id, new Member(id, changed, other)),
        offsets,
        before == null ? wanted.plus(changed) : wanted.changed(before, changed),
        holders,
        targets);
  }

  GroupImage withoutWishes(MemberId id) {
    var before = wishes.get(id);
    return before == null
        ? this
        : new GroupImage(
            group,
            header,
            wishes.minus(id),
            holdings,
            members.minus(id),
            offsets,
            wanted.minus(before),
            holders,
            targets);
  }

  GroupImage with(MemberId id, Holdings changed) {
    var other = wishes.get(id);
    return withHoldings(
        holdings.plus(id, changed),
        other == null ? members : members.plus(id, new Member(id, other, changed)),
        id,
        Optional.of(changed));
  }

  GroupImage withoutHoldings(MemberId id) {
    return withHoldings(holdings.minus(id), members.minus(id), id, Optional.empty());
  }

  private GroupImage withHoldings(
      TreePMap<MemberId, Holdings> all,
      TreePMap<MemberId, Member> allMembers,
      MemberId id,
      Optional<Holdings> now) {
    var before = Optional.ofNullable(holdings.get(id));
    return new GroupImage(
        group,
        header,
        wishes,
        all,
        allMembers,
        offsets,
        wanted,
        reindexed(holders, id, held(before), held(now)),
        reindexed(targets, id, target(before), target(now)));
  }

  private static Set<PartitionId> held(Optional<Holdings> of) {
    return of.<Set<PartitionId>>map(known -> known.held().keySet()).orElse(TreePSet.empty());
  }

  private static Set<PartitionId> target(Optional<Holdings> of) {
    return of.<Set<PartitionId>>map(Holdings::target).orElse(TreePSet.empty());
  }

  GroupImage with(PartitionId partition, Committed committed) {
    return withOffsets(offsets.plus(partition, committed));
  }

  GroupImage without(PartitionId partition) {
    return withOffsets(offsets.minus(partition));
  }

  private Grant grant(PartitionId partition, Hold hold) {
    // Without its note: with those of all its partitions, an assignment may be too large to be
    // told.
    var committed = committed(partition).map(Committed::withoutNote);
    int seen =
        header.map(known -> known.firstSeen().get(partition.topic())).orElse(Integer.MAX_VALUE);
    return new Grant(
        partition,
        hold.grantedEpoch(),
        committed,
        committed.isEmpty() && partition.partition() >= seen);
  }

  /**
   * The index after one member's partitions changed. While a log is replayed, an old state of
   * another member may still claim one of them: a claim that is taken back takes only itself.
   */
  private static TreePMap<PartitionId, MemberId> reindexed(
      TreePMap<PartitionId, MemberId> index,
      MemberId member,
      Set<PartitionId> before,
      Set<PartitionId> after) {
    var changed = index;
    for (var partition : before) {
      if (!after.contains(partition) && member.equals(changed.get(partition))) {
        changed = changed.minus(partition);
      }
    }
    for (var partition : after) {
      if (!member.equals(changed.get(partition))) {
        changed = changed.plus(partition, member);
      }
    }
    return changed;
  }

  private GroupImage withHeader(Optional<GroupHeader> changed) {
    return new GroupImage(
        group, changed, wishes, holdings, members, offsets, wanted, holders, targets);
  }

  private GroupImage withOffsets(TreePMap<PartitionId, Committed> changed) {
    return new GroupImage(
        group, header, wishes, holdings, members, changed, wanted, holders, targets);
  }
}
