package dev.naru.simulation;

import dev.naru.broker.replica.PartitionEvent;
import dev.naru.broker.replica.PartitionEvent.CorruptionFound;
import dev.naru.broker.replica.PartitionEvent.FollowerHalted;
import dev.naru.broker.replica.PartitionEvent.LogTruncated;
import dev.naru.broker.replica.PartitionEvent.StorageFailed;
import dev.naru.log.disk.Damage;
import dev.naru.simulation.invariant.Scene;
import dev.naru.simulation.invariant.Violation;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;

/** What nodes complain about, and readers: nobody may without a reason. */
final class Alarms {

  private final SimCluster cluster;
  private final Scene scene;

  Alarms(SimCluster cluster, Scene scene) {
    this.cluster = cluster;
    this.scene = scene;
  }

  /** A node says so. */
  void reported(SimProcess process, PartitionId partition, PartitionEvent event) {
    cluster
        .world()
        .trace()
        .note(
            partition,
            process.node(),
            "reports",
            event,
            event.getClass().getSimpleName().hashCode());
    cluster.tally().count(event.getClass().getSimpleName());
    if (event instanceof LogTruncated cut && cut.why().startsWith("deletions")) {
      cluster.tally().count("began anew for deletions");
    }
    if (event instanceof LogTruncated cut && startOf(process, partition) > cut.to()) {
      cluster.tally().count("began anew below its start");
    }
    switch (event) {
      case CorruptionFound _ when cluster.rot().hasStruck(process.node(), partition) -> {}
      case CorruptionFound _, StorageFailed _, FollowerHalted _ ->
          throw falseAlarm(process, partition, event);
      default -> {}
    }
  }

  /** Before the event; of a replica that nobody has seen, there is none. */
  private long startOf(SimProcess process, PartitionId partition) {
    return scene
        .replica(partition, process.machine().nodeId())
        .map(replica -> replica.view().log().start())
        .orElse(0L);
  }

  /** A process has found this when it began. */
  void damaged(SimProcess process, Damage damage) {
    if (!cluster.rot().hasStruck(process.node(), damage.partition())) {
      throw falseAlarm(process, damage.partition(), damage);
    }
  }

  /** What this reader saw is gone; rightly so only if that was declared. */
  void readerLost(SimProcess process, PartitionId partition, Refused why) {
    if (scene.truth(partition).lost().isEmpty()) {
      throw falseAlarm(process, partition, why);
    }
    cluster.tally().count("readers told of a loss");
  }

  /** Where nothing has lost or damaged what was forced, nobody may say so. */
  private static Violation falseAlarm(SimProcess process, PartitionId partition, Object what) {
    return new Violation("NoFalseAlarm", partition, "node " + process.node() + " said " + what);
  }
}
