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
import dev.naru.broker.replica.SafetyRules;
import dev.naru.log.PartitionLog;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.record.BatchHeader;
import dev.naru.simulation.invariant.Invariant;
import dev.naru.simulation.invariant.Invariants;
import dev.naru.simulation.invariant.Replica;
import dev.naru.simulation.invariant.Scene;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;

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
  private final ObservedCommits commits;
  private final ObservedDecisions decisions;
  private final Acknowledgements acknowledgements;
  private final Alarms alarms;
  private long everythingAtEvent = EVERYTHING_AFTER_EVENTS;
  private int nextOfEverything;

  Observer(SimCluster cluster) {
    this.cluster = cluster;
    this.trace = cluster.world().trace();
    scene = new Scene(cluster.log().newest());
    invariants = new ArrayList<>(Invariants.all(cluster.world()::nowMillis));
    invariants.add(cluster.crowd().watch());
    commits = new ObservedCommits(cluster, scene, invariants);
    decisions = new ObservedDecisions(cluster, scene, invariants);
    acknowledgements = new Acknowledgements(scene, invariants);
    alarms = new Alarms(cluster, scene);
  }

  Scene scene() {
    return scene;
  }

  ObservedDecisions decisions() {
    return decisions;
  }

  Acknowledgements acknowledgements() {
    return acknowledgements;
  }

  Alarms alarms() {
    return alarms;
  }

  /** A producer had to begin anew, since a batch of it was refused for good. */
  void numbersBroken(PartitionId partition, Refused why) {
    cluster.tally().count("numbers begun anew, " + why.code());
    invariants.forEach(each -> each.numbersBroken(scene, partition, why));
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

  /** The image took the replica away, and the node serves it no more. */
  void closed(NodeId node, PartitionId partition) {
    scene.closed(node, partition);
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
    acknowledgements.check(partition.id());
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
      commits.changed(replica);
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

  // ---- what clients see

  /** Somebody was told that nothing is left below this offset. */
  void deleted(PartitionId partition, long below) {
    scene.truth(partition).deleted(below);
  }

  void read(SimProcess process, BatchHeader header, PartitionId partition, long wanted) {
    scene
        .replica(partition, process.machine().nodeId())
        .ifPresent(
            replica -> invariants.forEach(each -> each.read(scene, replica, header, wanted)));
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
}
