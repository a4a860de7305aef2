package dev.naru.broker.group;

import dev.naru.types.PartitionId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** A member of a group: who it is and what it wants, and what it has and should have. */
public record Member(MemberId id, Wishes wishes, Holdings holdings) {

  /** A native member with empty hands. */
  static Member joining(
      MemberId id,
      MemberProfile profile,
      TreePSet<String> topics,
      int attempt,
      int epoch,
      TreePSet<PartitionId> target) {
    return new Member(id, Wishes.of(profile, topics), Holdings.none(epoch, attempt, target));
  }

  /** What it says of itself. */
  public MemberProfile profile() {
    return wishes.profile();
  }

  /** Names of the topics that it wants to read from. */
  public TreePSet<String> topics() {
    return wishes.topics();
  }

  /** When what it is {@linkplain #allowed() allowed} last changed, or its classic generation. */
  public int epoch() {
    return holdings.epoch();
  }

  /** Number of the newest join by which it said that its hands are empty. */
  public int attempt() {
    return holdings.attempt();
  }

  /** What is in its hands. */
  public TreePMap<PartitionId, Hold> held() {
    return holdings.held();
  }

  /** What should be in its hands. */
  public TreePSet<PartitionId> target() {
    return holdings.target();
  }

  /** Whether it has stopped, and its place is kept for whoever comes for it in time. */
  public boolean isAway() {
    return holdings.isAway();
  }

  /** In a classic group only. */
  public Optional<ClassicMember> classic() {
    return wishes.offers().isEmpty()
        ? Optional.empty()
        : Optional.of(new ClassicMember(wishes.offers(), holdings.assignment()));
  }

  /** What it is told to read: held, and not to be given back. */
  public TreePSet<PartitionId> allowed() {
    var allowed = TreePSet.<PartitionId>empty();
    for (var entry : held().entrySet()) {
      if (!entry.getValue().isRevoked()) {
        allowed = allowed.plus(entry.getKey());
      }
    }
    return allowed;
  }

  /** The partition in its hands, if it is. */
  public Optional<Hold> hold(PartitionId partition) {
    return Optional.ofNullable(held().get(partition));
  }

  /** Whether it has yet to give something back. */
  public boolean owesSomething() {
    return held().values().stream().anyMatch(Hold::isRevoked);
  }

  /** Whether it is here only to step in for another one. */
  public boolean isStandby() {
    return classic().isEmpty() && held().isEmpty() && target().isEmpty();
  }

  /** The same member, handed these at this epoch. */
  Member granted(Collection<PartitionId> partitions, int at) {
    return with(holdings.granted(partitions, at));
  }

  /** The same member, told at this epoch to give these back. */
  Member revoked(Collection<PartitionId> partitions, int at) {
    return with(holdings.revoked(partitions, at));
  }

  /** The same member without these in its hands. What it is allowed is told by others. */
  Member without(Collection<PartitionId> partitions) {
    return with(holdings.withHeld(held().minusAll(partitions), epoch()));
  }

  /** The same member with nothing in its hands, as it says by a join of this number. */
  Member emptyHanded(int at, int attempt) {
    return with(holdings.withHeld(TreePMap.empty(), at).withAttempt(attempt));
  }

  Member withTarget(TreePSet<PartitionId> changed) {
    return with(holdings.withTarget(changed));
  }

  Member withTopics(TreePSet<String> changed) {
    return with(wishes.withTopics(changed));
  }

  Member withProfile(MemberProfile changed) {
    return with(wishes.withProfile(changed));
  }

  Member withEpoch(int changed) {
    return with(holdings.withEpoch(changed));
  }

  Member withAttempt(int changed) {
    return with(holdings.withAttempt(changed));
  }

  Member withAway(boolean changed) {
    return with(holdings.withAway(changed));
  }

  /** The same classic member, knowing these ways of sharing. */
  Member withOffers(List<ClassicOffer> changed) {
    return with(wishes.withOffers(changed));
  }

  /** The same classic member, with this to read, or with nothing yet. */
  Member withAssignment(Optional<Opaque> changed) {
    return with(holdings.withAssignment(changed));
  }

  private Member with(Wishes changed) {
    return new Member(id, changed, holdings);
  }

  private Member with(Holdings changed) {
    return new Member(id, wishes, changed);
  }
}
