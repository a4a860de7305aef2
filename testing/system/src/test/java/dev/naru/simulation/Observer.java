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
import dev.naru.broker.partition.PartitionRole;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.PartitionEvent;
import dev.naru.broker.replica.PartitionEvent.CorruptionFound;
import dev.naru.broker.replica.PartitionEvent.FollowerHalted;
import dev.naru.broker.replica.PartitionEvent.LogTruncated;
import dev.naru.broker.replica.PartitionEvent.StorageFailed;
import dev.naru.broker.replica.SafetyRules;
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
import dev.naru.simulation.invariant.EpochOrder;
import dev.naru.simulation.invariant.Expansion;
import dev.naru.simulation.invariant.Fencing;
import dev.naru.simulation.invariant.HighWatermark;
import dev.naru.simulation.invariant.Invariant;
import dev.naru.simulation.invariant.LeaderCompleteness;
import dev.naru.simulation.invariant.LogStart;
import dev.naru.simulation.invariant.LonelyLeader;
import dev.naru.simulation.invariant.LossDeclared;
import dev.naru.simulation.invariant.NoCommittedLoss;
import dev.naru.simulation.invariant.OffsetDensity;
import dev.naru.simulation.invariant.OneWriterPerEpoch;
import dev.naru.simulation.invariant.QuorumSuperset;
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
  private static final int PARTITIONS_AT_ONCE_MAX = 4;

  private final SimCluster cluster;
  private final Trace trace;
  private final Scene scene;
  private final List<Invariant> invariants;

  private final Map<PartitionId, List<BatchMark>> acknowledgements = new TreeMap<>();
  private final Map<PartitionId, List<BatchMark>> everAcknowledged = new TreeMap<>();
  private long everythingAtEvent = EVERYTHING_AFTER_EVENTS;
  private int nextOfEverything;

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
            new EpochOrder(),
            new OffsetDensity(),
            new QuorumSuperset(),
            new Fencing(),
            new Expansion(),
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
        .ifPresent(replica -> proposed(replica, proposal));
    trace.note(
        proposal.partition(), process.node(), "proposes", proposal.isr(), proposal.isr().size());
  }

  private void proposed(Replica leader, AlterPartition proposal) {
    boolean isNew = leader.openProposal().filter(proposal::equals).isEmpty();
    if (isNew) {
      invariants.forEach(each -> each.proposed(scene, leader, proposal));
    }
    leader.proposed(proposal);
  }

  /** The rules by which a partition goes; what it takes for its ISR is noted. */
  SafetyRules watched(SimProcess process, PartitionId partition, SafetyRules rules) {
    return new WatchedRules(
        rules,
        isr ->
            scene
                .replica(partition, process.machine().nodeId())
                .ifPresent(replica -> replica.assumes(isr)));
  }

  void touched(SimProcess process, Partition partition) {
    scene
        .replica(partition.id(), process.machine().nodeId())
        .ifPresent(replica -> touched(replica, partition.view()));
    checkAcknowledgements(partition.id());
    if (cluster.world().executed() >= everythingAtEvent) {
      everythingAtEvent = cluster.world().executed() + EVERYTHING_AFTER_EVENTS;
      someOfEverything();
    }
  }

  private void touched(Replica replica, PartitionView view) {
    if (replica.hasChangedSince(view)) {
      changed(replica, view);
    }
    replica
        .newlyAssumed()
        .ifPresent(isr -> invariants.forEach(each -> each.assumes(scene, replica, isr)));
  }

  private void changed(Replica replica, PartitionView view) {
    var cut = replica.look(view);
    trace.note(
        replica.partition(),
        replica.self().id().value(),
        "is",
        Seen.of(view),
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

  /** Of a view what is told, put into words only if somebody reads them; the view holds files. */
  private record Seen(
      PartitionRole role, LeaderEpoch leaderEpoch, long start, long end, long highWatermark) {

    static Seen of(PartitionView view) {
      return new Seen(
          view.role(),
          view.leaderEpoch(),
          view.log().start(),
          view.log().end(),
          view.highWatermark());
    }

    @Override
    public String toString() {
      return "%s of epoch %s, [%d, %d), high watermark %d"
          .formatted(role, leaderEpoch, start, end, highWatermark);
    }
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
    var changed = List.copyOf(delta.partitions());
    invariants.forEach(
        each -> each.commanded(scene, delta.before(), cluster.log().newestCommand(), changed));
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
    var waiting = acknowledgements.isEmpty() ? null : acknowledgements.remove(partition);
    if (waiting != null) {
      for (var mark : waiting) {
        invariants.forEach(each -> each.acknowledged(scene, partition, mark));
      }
      everAcknowledged.computeIfAbsent(partition, _ -> new ArrayList<>()).addAll(waiting);
    }
  }

  void read(SimProcess process, BatchHeader header, PartitionId partition, long wanted) {
    scene
        .replica(partition, process.machine().nodeId())
        .ifPresent(
            replica -> invariants.forEach(each -> each.read(scene, replica, header, wanted)));
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

  /** All files are read for it, so where there are many partitions, they take turns. */
  private void someOfEverything() {
    var partitions = scene.image().partitionIds().toList();
    for (int i = 0; i < Math.min(PARTITIONS_AT_ONCE_MAX, partitions.size()); i++) {
      everything(partitions.get(nextOfEverything++ % partitions.size()));
    }
  }

  /** Nothing happens any more. */
  void end() {
    for (var partition : scene.image().partitionIds().toList()) {
      invariants.forEach(each -> each.end(scene, partition));
    }
  }

  private void everything(PartitionId partition) {
    invariants.forEach(each -> each.everything(scene, partition));
  }

  List<BatchMark> everAcknowledged(PartitionId partition) {
    return everAcknowledged.getOrDefault(partition, List.of());
  }
}
