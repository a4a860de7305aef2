package dev.naru.metadata.chronicle;

import dev.naru.metadata.chronicle.EntryEvents.Fields;
import dev.naru.metadata.chronicle.EventSubject.OfPartition;
import dev.naru.metadata.chronicle.Touched.Step;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.LossCause;
import dev.naru.metadata.image.Move;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Function;
import org.pcollections.TreePSet;

/**
 * Tells of one partition: who leads it, who is in sync, where its replicas are, what was lost. A
 * partition may change several times in one entry of the log; what differs in the end is told once,
 * with the cause of the last change of it.
 */
final class PartitionChronicle {

  private final PartitionId id;
  private final EventSubject subject;
  private final PartitionImage before;
  private final PartitionImage after;
  private final List<Step> steps;
  private final EntryEvents entry;

  private PartitionChronicle(
      PartitionId id,
      EventSubject subject,
      PartitionImage before,
      PartitionImage after,
      List<Step> steps,
      EntryEvents entry) {
    this.id = id;
    this.subject = subject;
    this.before = before;
    this.after = after;
    this.steps = steps;
    this.entry = entry;
  }

  static void tell(
      ClusterImage before,
      ClusterImage after,
      SortedMap<PartitionId, List<Step>> partitions,
      EntryEvents entry) {
    partitions.forEach((id, steps) -> {
      var old = before.partition(id);
      var now = after.partition(id);
      if (old.isPresent() && now.isPresent()) { // else the event of its topic says it
        var topic = after.topic(id.topic()).orElseThrow().name();
        new PartitionChronicle(
                id, new OfPartition(topic, id.partition()), old.get(), now.get(), steps, entry)
            .tell();
      }
    });
  }

  private void tell() {
    tellIsr();
    tellLeader();
    tellLosses();
    tellMove();
  }

  // ---- in-sync replicas and leaders

  private void tellIsr() {
    var removed = before.isr().minusAll(after.isr());
    var added = after.isr().minusAll(before.isr());
    if (!removed.isEmpty()) {
      add(
          ClusterEventCode.ISR_SHRUNK,
          lastChange(PartitionImage::isr),
          ofIsr().with("removed", removed));
    }
    if (!added.isEmpty()) {
      add(
          ClusterEventCode.ISR_EXPANDED,
          lastChange(PartitionImage::isr),
          ofIsr().with("added", added));
    }
  }

  private Fields ofIsr() {
    return new Fields()
        .with("isr", after.isr())
        .with("isr_before", before.isr())
        .with("leader", after.leader())
        .with("leader_epoch", after.leaderEpoch());
  }

  private void tellLeader() {
    if (after.leaderEpoch().equals(before.leaderEpoch())) {
      return;
    }
    var fields =
        new Fields()
            .with("leader", after.leader())
            .with("leader_before", before.leader())
            .with("leader_epoch", after.leaderEpoch())
            .with("isr", after.isr())
            .with("elr", TreePSet.from(after.elr().keySet()));
    add(
        after.hasLeader() ? ClusterEventCode.LEADER_ELECTED : ClusterEventCode.LEADER_LOST,
        lastChange(PartitionImage::leaderEpoch),
        fields);
  }

  // ---- losses

  private void tellLosses() {
    var now = after.losses();
    var known = before.losses();
    if (now.equals(known)) {
      return;
    }
    var cause = lastChange(PartitionImage::losses);
    for (var loss : now.newsSince(known)) {
      add(ClusterEventCode.DATA_LOSS_DECLARED, cause, ofLoss(loss));
    }
    for (var loss : now.passedOverSince(known)) {
      add(
          ClusterEventCode.REPLICA_PASSED_OVER,
          cause,
          new Fields()
              .with("leader_epoch", loss.leaderEpoch())
              .with("passed_over", loss.passedOver()));
    }
    for (var loss : now.disprovedSince(known)) {
      add(
          ClusterEventCode.DATA_LOSS_DISPROVED,
          cause,
          new Fields().with("leader_epoch", loss.leaderEpoch()));
    }
  }

  private static Fields ofLoss(DeclaredLoss loss) {
    return new Fields()
        .with("leader_epoch", loss.leaderEpoch())
        .with("exactness", loss.isExact() ? "exactly" : "at least")
        .with("ranges", loss.ranges())
        .with("offsets", loss.offsets())
        .with("unheard", loss.unheard())
        .with("decided_by", decider(loss));
  }

  private static String decider(DeclaredLoss loss) {
    return loss.cause() == LossCause.OPERATOR ? "an operator" : "the topic's recovery.mode";
  }

  // ---- moves

  private void tellMove() {
    var was = before.move();
    var now = after.move();
    boolean isAnother = !operation(now).equals(operation(was));
    boolean wasOverAtOnce =
        was.isEmpty() && now.isEmpty() && !before.replicaNodes().equals(after.replicaNodes());
    if ((was.isPresent() && isAnother) || wasOverAtOnce) {
      ended(was);
    }
    if (now.isPresent() && isAnother) {
      add(ClusterEventCode.REASSIGNMENT_BEGUN, lastChange(PartitionImage::move), ofMove(now.get()));
    } else if (now.filter(Move::isReverting).isPresent()
        && was.filter(Move::isReverting).isEmpty()) {
      add(
          ClusterEventCode.REASSIGNMENT_REVERTED,
          lastChange(PartitionImage::move),
          ofMove(now.get()));
    }
  }

  private void ended(Optional<Move> was) {
    add(
        ClusterEventCode.PARTITION_REASSIGNED,
        lastChange(PartitionImage::replicaNodes),
        new Fields()
            .with("replicas", after.replicaNodes())
            .with("from", was.map(Move::from).orElseGet(before::replicaNodes))
            .with("operation", operation(was)));
  }

  private static Fields ofMove(Move move) {
    return new Fields()
        .with("from", move.from())
        .with("to", move.to())
        .with("operation", move.operation());
  }

  private static Optional<UUID> operation(Optional<Move> move) {
    return move.map(Move::operation);
  }

  // ---- causes

  private EventCause lastChange(Function<PartitionImage, Object> aspect) {
    var known = aspect.apply(before);
    var cause = entry.trigger().cause();
    for (var step : steps) {
      var now = aspect.apply(step.entry());
      if (!Objects.equals(known, now)) {
        cause = step.cause();
      }
      known = now;
    }
    return cause;
  }

  private void add(ClusterEventCode code, EventCause cause, Fields fields) {
    fields.with("cause_node", causeNode(cause));
    if (cause == EventCause.LEADER_PROPOSED) {
      fields.with("reason", Optional.ofNullable(entry.trigger().reasons().get(id)));
    }
    entry.add(code, subject, cause, fields);
  }

  private Optional<NodeId> causeNode(EventCause cause) {
    return switch (cause) {
      case LEADER_PROPOSED -> before.leader(); // of many proposals in one command, the one of this
      case SHRINK_STORM -> entry.trigger().node().or(before::leader).or(after::leader);
      default -> entry.trigger().node();
    };
  }
}
