package dev.naru.simulation;

import dev.naru.broker.partition.Partition;
import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.PartitionInput.FetchWaits;
import dev.naru.broker.partition.PartitionInput.FromFollower;
import dev.naru.broker.partition.PartitionInput.FromLeader;
import dev.naru.broker.partition.PartitionInput.ImageApplied;
import dev.naru.broker.partition.PartitionInput.LogRepaired;
import dev.naru.broker.partition.PartitionInput.ProposalRefused;
import dev.naru.broker.partition.PartitionInput.StartAsked;
import dev.naru.broker.partition.PartitionInput.StartDue;
import dev.naru.broker.partition.PartitionInput.Tick;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.PartitionEvent;
import dev.naru.broker.replica.PartitionEvent.CorruptionFound;
import dev.naru.broker.replica.PartitionEvent.FollowerHalted;
import dev.naru.broker.replica.PartitionEvent.LogTruncated;
import dev.naru.broker.replica.PartitionEvent.StorageFailed;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.Damage;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.image.ImageDelta;
import dev.naru.metadata.image.Losses;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.record.BatchHeader;
import dev.naru.simulation.invariant.BatchMark;
import dev.naru.simulation.invariant.ByteIdentity;
import dev.naru.simulation.invariant.CandidateCompleteness;
import dev.naru.simulation.invariant.CompactedFold;
import dev.naru.simulation.invariant.HighWatermark;
import dev.naru.simulation.invariant.Invariant;
import dev.naru.simulation.invariant.LeaderCompleteness;
import dev.naru.simulation.invariant.LogStart;
import dev.naru.simulation.invariant.LonelyLeader;
import dev.naru.simulation.invariant.LossDeclared;
import dev.naru.simulation.invariant.NoCommittedLoss;
import dev.naru.simulation.invariant.OneWriterPerEpoch;
import dev.naru.simulation.invariant.Replica;
import dev.naru.simulation.invariant.Scene;
import dev.naru.simulation.invariant.TrueAge;
import dev.naru.simulation.invariant.Truncation;
import dev.naru.simulation.invariant.Truth.Reign;
import dev.naru.simulation.invariant.Violation;
import dev.naru.simulation.invariant.WholeSegments;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sees everything that happens, keeps the truth, and asks every invariant about what was touched.
 */
final class Observer {

  private static final long EVERYTHING_AFTER_EVENTS = 1_000;

  private final SimCluster cluster;
  private final Trace trace;
  private final Scene scene;
  private final List<Invariant> invariants;

  private final Map<PartitionId, List<BatchMark>> acknowledgements = new TreeMap<>();
  private final Map<PartitionId, List<BatchMark>> everAcknowledged = new TreeMap<>();
  private long everythingAtEvent = EVERYTHING_AFTER_EVENTS;

  Observer(SimCluster cluster) {
    this.cluster = cluster;
    this.trace = cluster.world().trace();
    scene = new Scene(cluster.log().newest());
    invariants =
        List.of(
            new HighWatermark(),
            new OneWriterPerEpoch(),
            new LeaderCompleteness(),
            new ByteIdentity(),
            new Truncation(),
            new CandidateCompleteness(),
            new NoCommittedLoss(),
            new LossDeclared(),
            new LonelyLeader(),
            new LogStart(),
            new WholeSegments(),
            new TrueAge(cluster.world()::nowMillis),
            new CompactedFold(cluster.world()::nowMillis));
  }

  Scene scene() {
    return scene;
  }

  // ---- what happens at replicas

  void opened(SimProcess process, Partition partition, PartitionLog log) {
    var replica = new Replica(process.self(), log, partition.view());
    scene.opened(replica);
    invariants.forEach(each -> each.opened(scene, replica));
    trace.note(partition.id(), process.node(), "open", log.epochs(), log.end());
  }

  void ended(NodeId node) {
    scene.ended(node);
  }

  void takes(SimProcess process, Partition partition, PartitionInput input) {
    if (!(input instanceof Tick || input instanceof FetchWaits)) {
      trace.note(partition.id(), process.node(), "takes", input, kindOf(input));
    }
    scene
        .replica(partition.id(), process.machine().nodeId())
        .ifPresent(replica -> {
          switch (input) {
            case ImageApplied(var assignment) -> replica.assigned(assignment);
            case LogRepaired(var log) -> scene.opened(replica.over(log));
            case ProposalRefused(var proposal, var why)
                when why.code() == ErrorCode.INELIGIBLE_REPLICA ->
                replica.withdrew(proposal);
            case StartDue due when isHeeded(replica, due) -> startDue(replica, due);
            case StartAsked(var due, _, _) when isHeeded(replica, due) -> startDue(replica, due);
            default -> {}
          }
        });
  }

  /** Whether the leader will do so, unless something is wrong. */
  private static boolean isHeeded(Replica replica, StartDue due) {
    return replica.view().isLeader()
        && replica.view().leaderEpoch().equals(due.leaderEpoch())
        && due.start() <= replica.view().highWatermark()
        && due.start() > replica.view().log().start();
  }

  private void startDue(Replica leader, StartDue due) {
    invariants.forEach(each -> each.startDue(scene, leader, due));
    scene.truth(leader.partition()).mayStartAt(due.start());
    cluster.tally().count("starts raised, " + due.why());
  }

  /** Names of classes have the same hash everywhere, other than the objects themselves. */
  private static long kindOf(PartitionInput input) {
    Object message =
        switch (input) {
          case FromLeader(_, var said) -> said;
          case FromFollower(_, var said) -> said;
          default -> input;
        };
    return message.getClass().getSimpleName().hashCode();
  }

  void proposed(SimProcess process, AlterPartition proposal) {
    scene
        .replica(proposal.partition(), process.machine().nodeId())
        .ifPresent(replica -> replica.proposed(proposal));
    trace.note(
        proposal.partition(), process.node(), "proposes", proposal.isr(), proposal.isr().size());
  }

  void touched(SimProcess process, Partition partition) {
    scene
        .replica(partition.id(), process.machine().nodeId())
        .filter(replica -> replica.hasChangedSince(partition.view()))
        .ifPresent(replica -> changed(replica, partition.view()));
    checkAcknowledgements(partition.id());
    if (cluster.world().executed() >= everythingAtEvent) {
      everythingAtEvent = cluster.world().executed() + EVERYTHING_AFTER_EVENTS;
      everything();
    }
  }

  private void changed(Replica replica, PartitionView view) {
    var cut = replica.look(view);
    trace.note(
        replica.partition(),
        replica.self().id().value(),
        "is",
        describe(view),
        31 * view.log().end() + view.highWatermark());
    if (!cut.isEmpty()) {
      invariants.forEach(each -> each.cut(scene, replica, cut));
    }
    if (view.isLeader()) {
      noteReign(replica);
      commit(replica);
    }
    invariants.forEach(each -> each.changed(scene, replica));
  }

  private static String describe(PartitionView view) {
    return "%s of epoch %s, [%d, %d), high watermark %d"
        .formatted(
            view.role(),
            view.leaderEpoch(),
            view.log().start(),
            view.log().end(),
            view.highWatermark());
  }

  private void noteReign(Replica leader) {
    var truth = scene.truth(leader.partition());
    if (truth.reign(leader.view().leaderEpoch()).isEmpty()) {
      truth.began(
          leader.view().leaderEpoch(),
          new Reign(leader.self().id(), leader.self().epoch(), leader.view().epochStart()));
      invariants.forEach(each -> each.beganToLead(scene, leader));
    }
  }

  private void commit(Replica leader) {
    var truth = scene.truth(leader.partition());
    long highWatermark = leader.view().highWatermark();
    var unheard = scene.lossUnheardBy(leader);
    if (unheard.isPresent()) {
      commitTooLate(leader, unheard.get().leaderEpoch());
      return;
    }
    if (highWatermark <= truth.highWatermark()) {
      return;
    }
    var more = new ArrayList<BatchMark>();
    for (int i = leader.marks().size() - 1; i >= 0; i--) {
      var mark = leader.marks().get(i);
      if (mark.next() <= truth.highWatermark()) {
        break;
      }
      if (mark.next() <= highWatermark) {
        more.addFirst(mark);
      }
    }
    invariants.forEach(each -> each.commits(scene, leader, more));
    truth.commit(leader.view().leaderEpoch(), more, highWatermark);
  }

  /** Somebody else was taken for all there is: what this leader commits now is lost already. */
  private void commitTooLate(Replica leader, LeaderEpoch loss) {
    var truth = scene.truth(leader.partition());
    for (int i = leader.marks().size() - 1; i >= 0; i--) {
      var mark = leader.marks().get(i);
      if (truth.committed().contains(mark) || truth.isLost(mark)) {
        break;
      }
      if (mark.next() <= leader.view().highWatermark()) {
        truth.committedTooLate(loss, mark);
        cluster.tally().count("committed too late");
      }
    }
  }

  // ---- what the controller decides

  void committed(long index) {
    var delta = ImageDelta.between(scene.image(), cluster.log().image(index));
    for (var partition : delta.partitions()) {
      noteLosses(delta, partition);
    }
    scene.decided(delta.after());
    countStorms(delta);
    var concerned =
        delta.nodes().isEmpty() ? delta.partitions() : delta.after().partitionIds().toList();
    for (var partition : concerned) {
      if (delta.partitions().contains(partition)) {
        trace.note(partition, 0, "decided", scene.entry(partition), index);
      }
      invariants.forEach(each -> each.decided(scene, partition));
    }
  }

  private void noteLosses(ImageDelta delta, PartitionId partition) {
    var known = delta.before().partition(partition).map(PartitionImage::losses).orElse(Losses.NONE);
    var entry = delta.after().partition(partition);
    if (entry.isEmpty() || entry.get().losses().equals(known)) {
      return;
    }
    var truth = scene.truth(partition);
    for (var loss : entry.get().losses().all()) {
      if (known.at(loss.leaderEpoch()).isEmpty()) {
        var choice = scene.lastSeen(partition, entry.get().leader().orElseThrow()).orElseThrow();
        truth.recovered(
            loss.leaderEpoch(),
            choice.marks().stream().filter(mark -> mark.next() <= loss.kept().end()).toList());
        cluster.tally().count("recovered, " + loss.cause());
        cluster.tally().count("committed batches lost", truth.lost().size());
      } else if (known.at(loss.leaderEpoch()).filter(loss::saysTheSameAs).isEmpty()) {
        cluster.tally().count(loss.isExact() ? "losses made exact" : "losses extended");
      }
      truth.declared(loss);
    }
  }

  /** What this reader saw is gone; rightly so only if that was declared. */
  void readerLost(SimProcess process, PartitionId partition, Refused why) {
    if (scene.truth(partition).lost().isEmpty()) {
      throw falseAlarm(process, partition, why);
    }
    cluster.tally().count("readers told of a loss");
  }

  private void countStorms(ImageDelta delta) {
    for (var node : delta.nodes()) {
      boolean isNew = delta.before().node(node).filter(NodeImage::isSuspected).isEmpty();
      if (isNew && delta.after().node(node).filter(NodeImage::isSuspected).isPresent()) {
        cluster.tally().count("suspected");
      }
    }
  }

  // ---- what clients see

  /** The node has just said so. The truth learns of the commit when the event is over. */
  void acked(PartitionId partition, Acks acks, long firstOffset, BatchHeader sent) {
    if (acks == Acks.ALL) {
      var mark =
          new BatchMark(
              firstOffset,
              firstOffset + sent.nextOffset() - sent.baseOffset(),
              0,
              sent.crc(),
              sent.sizeInBytes());
      acknowledgements.computeIfAbsent(partition, _ -> new ArrayList<>()).add(mark);
    }
  }

  /** Somebody was told that nothing is left below this offset. */
  void deleted(PartitionId partition, long below) {
    scene.truth(partition).deleted(below);
  }

  private void checkAcknowledgements(PartitionId partition) {
    var waiting = acknowledgements.remove(partition);
    if (waiting != null) {
      for (var mark : waiting) {
        invariants.forEach(each -> each.acknowledged(scene, partition, mark));
      }
      everAcknowledged.computeIfAbsent(partition, _ -> new ArrayList<>()).addAll(waiting);
    }
  }

  void read(SimProcess process, BatchHeader header, PartitionId partition) {
    scene
        .replica(partition, process.machine().nodeId())
        .ifPresent(replica -> invariants.forEach(each -> each.read(scene, replica, header)));
  }

  // ---- what nodes complain about

  void reported(SimProcess process, PartitionId partition, PartitionEvent event) {
    trace.note(
        partition, process.node(), "reports", event, event.getClass().getSimpleName().hashCode());
    cluster.tally().count(event.getClass().getSimpleName());
    if (event instanceof LogTruncated cut && cut.why().startsWith("deletions")) {
      cluster.tally().count("began anew for deletions");
    }
    switch (event) {
      case CorruptionFound _ when cluster.rot().hasStruck(process.node(), partition) -> {}
      case CorruptionFound _, StorageFailed _, FollowerHalted _ ->
          throw falseAlarm(process, partition, event);
      default -> {}
    }
  }

  /** A process has found this when it began. */
  void damaged(SimProcess process, Damage damage) {
    if (!cluster.rot().hasStruck(process.node(), damage.partition())) {
      throw falseAlarm(process, damage.partition(), damage);
    }
  }

  /** Where nothing has lost or damaged what was forced, nobody may say so. */
  Violation falseAlarm(SimProcess process, PartitionId partition, Object what) {
    return new Violation("NoFalseAlarm", partition, "node " + process.node() + " said " + what);
  }

  // ---- now and then

  void everything() {
    for (var partition : scene.image().partitionIds().toList()) {
      invariants.forEach(each -> each.everything(scene, partition));
    }
  }

  List<BatchMark> everAcknowledged(PartitionId partition) {
    return everAcknowledged.getOrDefault(partition, List.of());
  }
}
