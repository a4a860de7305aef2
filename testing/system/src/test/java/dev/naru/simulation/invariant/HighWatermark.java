package dev.naru.simulation.invariant;

import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.image.NodeImage;
import dev.naru.record.BatchHeader;
import dev.naru.types.NodeId;
import java.util.TreeSet;

/** I9: when a high watermark may rise, that it never falls, and that nothing above it is read. */
public final class HighWatermark implements Invariant {

  @Override
  public void changed(Scene scene, Replica replica) {
    var now = replica.view();
    check(scene, replica, now);
    if (scene.lossUnheardBy(replica).isPresent()) {
      return; // what it does counts for nobody
    }
    if (now.isLeader()) {
      if (rose(replica)) {
        checkRise(scene, replica);
      }
      checkNewest(scene, replica);
    } else if (now.highWatermark() > scene.truth(replica.partition()).highWatermark()
        && now.highWatermark() > now.log().start()) { // else it takes nothing for committed
      throw violated(
          replica.partition(),
          "%s follows and takes %d for committed, but only %d is",
          replica,
          now.highWatermark(),
          scene.truth(replica.partition()).highWatermark());
    }
  }

  private void check(Scene scene, Replica replica, PartitionView now) {
    var before = replica.viewBefore();
    if (now.highWatermark() < before.highWatermark() && !mayFall(scene, replica, before, now)) {
      throw violated(
          replica.partition(),
          "fell from %d to %d on %s",
          before.highWatermark(),
          now.highWatermark(),
          replica);
    }
    if (now.highWatermark() < now.log().start() || now.highWatermark() > now.log().end()) {
      throw violated(
          replica.partition(),
          "%d lies outside the log [%d, %d) of %s",
          now.highWatermark(),
          now.log().start(),
          now.log().end(),
          replica);
    }
  }

  private static boolean mayFall(
      Scene scene, Replica replica, PartitionView before, PartitionView now) {
    return (replica.hasStartedOver()
            && (scene.isCompacted(replica.partition()) || wasEmpty(before)))
        || isLoweredByALoss(replica, before, now);
  }

  private static boolean wasEmpty(PartitionView view) {
    return view.log().start() == view.log().end();
  }

  /**
   * Not below what was declared lost, unless nothing is left; never in the middle of a reign, and
   * never for a loss after which its log was accepted by a leader: not by a process before it
   * either.
   */
  private static boolean isLoweredByALoss(
      Replica replica, PartitionView before, PartitionView now) {
    boolean isSameReign = before.isLeader() && before.leaderEpoch().equals(now.leaderEpoch());
    return !isSameReign
        && replica.assignment().stream()
            .flatMap(known -> known.entry().losses().since(replica.agreedBefore()).all().stream())
            .anyMatch(loss -> now.highWatermark() >= loss.from() || replica.hasStartedOver());
  }

  private static boolean rose(Replica replica) {
    return replica.view().highWatermark() > replica.viewBefore().highWatermark();
  }

  private void checkRise(Scene scene, Replica leader) {
    var assignment = leader.assignment().orElseThrow();
    int isrSize = assignment.entry().isr().size();
    if (isrSize < assignment.settings().minInsync()) {
      throw violated(
          leader.partition(),
          "rose to %d on %s with an ISR of %s and min.insync.replicas %d",
          leader.view().highWatermark(),
          leader,
          assignment.entry().isr(),
          assignment.settings().minInsync());
    }
    var members = new TreeSet<NodeId>(assignment.entry().isr());
    leader
        .openProposal()
        .ifPresent(open -> open.isr().stream().map(IsrMember::node).forEach(members::add));
    members.forEach(member -> checkMember(scene, leader, assignment, member));
    scene
        .entry(leader.partition())
        .ifPresent(now -> now.isr().forEach(member -> checkPresent(scene, leader, member)));
  }

  /** Whoever the controller counts on now, and may elect next, holds all of it. */
  private void checkPresent(Scene scene, Replica leader, NodeId member) {
    var registered = scene.image().node(member).map(NodeImage::epoch);
    scene
        .replica(leader.partition(), member)
        .filter(live -> registered.filter(live.self().epoch()::equals).isPresent())
        .ifPresent(live -> checkCounted(scene, leader, live));
  }

  private void checkMember(
      Scene scene, Replica leader, PartitionAssignment assignment, NodeId member) {
    var known = assignment.replicaOn(member);
    var replica =
        scene
            .replica(leader.partition(), member)
            .filter(
                live -> known.isPresent() && live.self().epoch().equals(known.get().nodeEpoch()));
    // One that was damaged is another replica since, of which this leader may not have heard: it
    // counts on what that one had acknowledged, and is cut back by now. Nobody else counts on it.
    // If it is in sync again it is checked with the others that the controller counts on.
    boolean isTheSame =
        known.isPresent()
            && scene
                .entry(leader.partition())
                .flatMap(entry -> entry.replicaOn(member))
                .filter(now -> now.assignedAt().equals(known.get().assignedAt()))
                .isPresent();
    if (isTheSame) {
      replica.ifPresent(live -> checkCounted(scene, leader, live));
    }
  }

  private void checkCounted(Scene scene, Replica leader, Replica member) {
    long counted = member.countedEnd(scene.flush(leader.partition()));
    if (counted < leader.view().highWatermark()) {
      throw violated(
          leader.partition(),
          "rose to %d on %s, but %s, which is or may be in the ISR, counts up to %d",
          leader.view().highWatermark(),
          leader,
          member,
          counted);
    }
  }

  /** KIP-207: a leader that names its newest offset names one that no client has seen surpassed. */
  private void checkNewest(Scene scene, Replica leader) {
    long committed = scene.truth(leader.partition()).highWatermark();
    if (scene.isPresentLeader(leader)
        && leader.view().isNewestOffsetKnown()
        && leader.view().highWatermark() < committed) {
      throw violated(
          leader.partition(),
          "%s claims to know the newest offset, %d, but committed is %d",
          leader,
          leader.view().highWatermark(),
          committed);
    }
  }

  @Override
  public void read(Scene scene, Replica from, BatchHeader batch, long wanted) {
    long committed =
        scene.lossUnheardBy(from).isPresent()
            ? scene.truth(from.partition()).highestEver()
            : scene.truth(from.partition()).highWatermark();
    if (batch.nextOffset() > committed) {
      throw violated(
          from.partition(),
          "%s gave a client %s, but committed is %d",
          from,
          BatchMark.of(batch),
          scene.truth(from.partition()).highWatermark());
    }
  }
}
