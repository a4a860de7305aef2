package dev.naru.broker.replica;

import dev.naru.broker.replica.LeaderInput.SubscribeAsked;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Optional;

/** Who may follow: exactly the replicas of the image, under exactly the epochs of the image. */
final class SubscribeFence {

  private SubscribeFence() {}

  static Optional<Refused> whyNot(SubscribeAsked asked, PartitionAssignment assignment) {
    var wrongEpoch =
        LeaderEpochCheck.whyNot(asked.request().leaderEpoch(), assignment.leaderEpoch());
    if (wrongEpoch.isPresent()) {
      return wrongEpoch;
    }
    var entry = assignment.replicaOn(asked.from().follower());
    if (entry.isEmpty()) {
      return Optional.of(notReplica(asked));
    }
    var replica = entry.get();
    int age = asked.from().followerEpoch().compareTo(replica.nodeEpoch());
    if (age != 0) {
      return Optional.of(
          new Refused(
              age < 0 ? ErrorCode.FENCED_NODE_EPOCH : ErrorCode.UNKNOWN_NODE_EPOCH,
              "Expected node %s under epoch %s, but was epoch %s"
                  .formatted(replica.node(), replica.nodeEpoch(), asked.from().followerEpoch())));
    }
    if (asked.request().partitionEpoch().isBefore(replica.assignedAt())) {
      return Optional.of(
          new Refused(
              ErrorCode.PARTITION_EPOCH_MISMATCH,
              "Expected a replica assigned at partition epoch %s, but the sender knows %s"
                  .formatted(replica.assignedAt(), asked.request().partitionEpoch())));
    }
    return Optional.empty();
  }

  /**
   * What this leader's image says of the follower counts only if the follower has heard of nothing
   * newer: it may have been ruled out since, and hold less; or have joined, and be counted on. The
   * same goes for one that was proposed: nobody knows here whether it has joined.
   */
  static Optional<Refused> whyNotYet(
      SubscribeAsked asked, PartitionAssignment assignment, IsrState isr) {
    var known = assignment.partitionEpoch();
    if (known.isBefore(asked.request().partitionEpoch())) {
      return Optional.of(
          new Refused(
              ErrorCode.PARTITION_EPOCH_MISMATCH,
              "Expected to have heard of partition epoch %s, as the sender has, but know %s"
                  .formatted(asked.request().partitionEpoch(), known)));
    }
    var follower = asked.from().follower();
    return isr.maximal().contains(follower) && !assignment.entry().isComplete(follower)
        ? Optional.of(
            new Refused(
                ErrorCode.PARTITION_EPOCH_MISMATCH,
                "Expected to know whether node %s is in sync, but that is not decided after partition epoch %s"
                    .formatted(follower, known)))
        : Optional.empty();
  }

  static Refused notReplica(SubscribeAsked asked) {
    return new Refused(
        ErrorCode.NOT_REPLICA,
        "Expected a replica of %s, but was node %s"
            .formatted(asked.request().partition(), asked.from().follower()));
  }
}
