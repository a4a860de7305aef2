package dev.naru.broker.replica;

import dev.naru.broker.replica.PartitionAssignment.AssignedReplica;
import dev.naru.metadata.image.Flush;
import dev.naru.types.NodeId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a leader knows of one follower in its leader epoch. Ends from another epoch, or from another
 * process of the node, are not known here, and what is not known counts as nothing.
 *
 * <p>Invariant: once known, durableEnd <= end, and both only rise within a subscription.
 */
final class FollowerProgress {

  private final SafetyRules rules;
  private AssignedReplica replica;
  private Optional<SubscriptionId> subscription = Optional.empty();
  private boolean isKnown;
  private boolean hasReported;
  private long end;
  private long durableEnd;
  private long logStart;
  private OptionalLong nearSinceNanos = OptionalLong.empty();

  FollowerProgress(SafetyRules rules, AssignedReplica replica) {
    this.rules = rules;
    this.replica = replica;
  }

  NodeId node() {
    return replica.node();
  }

  AssignedReplica replica() {
    return replica;
  }

  Optional<SubscriptionId> subscription() {
    return subscription;
  }

  boolean has(SubscriptionId asked) {
    return subscription.isPresent() && subscription.get().equals(asked);
  }

  /** A process counts its subscriptions up. */
  boolean isOlderThanLive(SubscriptionId asked) {
    return subscription.isPresent() && asked.number() < subscription.get().number();
  }

  /** The image says something new about the same replica. */
  void refresh(AssignedReplica changed) {
    replica = changed;
  }

  /** Accepted: its log is the leader's up to this end. */
  void subscribed(SubscriptionId accepted, long itsEnd, long itsDurableEnd) {
    subscription = Optional.of(accepted);
    advance(itsEnd, itsDurableEnd);
    logStart = 0; // it says where it begins with its first report
  }

  /**
   * Accepted, but it is to set its log aside and begin anew. Until it reports that it has, that log
   * ends anywhere, and holds what the leader's may not.
   */
  void startsOver(SubscriptionId accepted) {
    subscription = Optional.of(accepted);
    isKnown = false;
    hasReported = false;
    end = 0;
    durableEnd = 0;
    logStart = 0;
  }

  /** What it has reported stays true: within a leader epoch no log of the same process shrinks. */
  void unsubscribed() {
    subscription = Optional.empty();
  }

  boolean isFallenBehindItself(long itsEnd, long itsDurableEnd) {
    return itsEnd < end || itsDurableEnd < durableEnd;
  }

  private void advance(long itsEnd, long itsDurableEnd) {
    isKnown = true;
    end = itsEnd;
    durableEnd = itsDurableEnd;
  }

  /** It says so itself, so what it held besides is gone. */
  void reported(long itsEnd, long itsDurableEnd, long itsLogStart) {
    advance(itsEnd, itsDurableEnd);
    logStart = itsLogStart;
    hasReported = true;
  }

  /** Whether it has ever said, in this leader epoch, that its log is a part of the leader's. */
  boolean hasReported() {
    return hasReported;
  }

  /** Where its log begins on its disk, as far as it has said. */
  long logStart() {
    return logStart;
  }

  boolean isKnown() {
    return isKnown;
  }

  /** Where its log ends, as far as it has said. */
  long end() {
    return end;
  }

  long countedEnd(Flush flush) {
    return rules.countedEnd(flush, end, durableEnd);
  }

  /** It is about to join the ISR. */
  void near(long nowNanos) {
    if (nearSinceNanos.isEmpty()) {
      nearSinceNanos = OptionalLong.of(nowNanos);
    }
  }

  /** It has joined, cannot for now, or has fallen too far behind. */
  void notNear() {
    nearSinceNanos = OptionalLong.empty();
  }

  /** Since when it has been about to join without a break. */
  OptionalLong nearSinceNanos() {
    return nearSinceNanos;
  }

  JoinCandidate candidate(Flush flush) {
    return new JoinCandidate(
        subscription.isPresent() && isKnown, replica.isEligible(), countedEnd(flush));
  }

  /** For people: how far it is. */
  String describe() {
    if (!isKnown) {
      return subscription.isPresent()
          ? "it has not yet reported that it started over"
          : "it has not subscribed";
    }
    String ends = "it ended at " + end + ", durably at " + durableEnd;
    return subscription.isPresent() ? ends : ends + ", and its stream is broken";
  }
}
