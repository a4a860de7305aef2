package dev.naru.simulation;

import dev.naru.broker.partition.PartitionInput.StartAsked;
import dev.naru.broker.partition.PartitionInput.StartDue;
import dev.naru.log.retention.DropReason;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.Optional;

/** Somebody who asks now and then for records of a partition to be deleted. */
final class SimAdmin {

  private final SimCluster cluster;
  private final Dice dice;
  private boolean isOver;

  SimAdmin(SimCluster cluster, Dice dice) {
    this.cluster = cluster;
    this.dice = dice;
  }

  void begin() {
    if (cluster.scenario().upkeep().deletesOnRequest()) {
      askLater();
    }
  }

  void end() {
    isOver = true;
  }

  private void askLater() {
    cluster.world().after(dice.between(200 * World.MILLI, 2 * World.SECOND), this::ask);
  }

  private void ask() {
    if (isOver) {
      return;
    }
    askLater();
    var partition = dice.pick(cluster.partitionIds());
    cluster
        .workload()
        .knownLeader(partition, dice)
        .flatMap(leader -> cluster.node(leader.node().value()).process())
        .filter(SimProcess::isRunning)
        .ifPresent(process -> truncate(process, partition));
  }

  /** As the service does that takes such a request; any offset will do, inside a batch too. */
  private void truncate(SimProcess process, PartitionId partition) {
    process
        .partition(partition)
        .map(found -> found.view())
        .filter(view -> view.isLeader())
        .ifPresent(view -> {
          long start =
              dice.chance(0.1)
                  ? view.highWatermark()
                  : dice.between(
                      view.log().start(), (view.log().start() + view.highWatermark() + 1) / 2);
          var due =
              new StartDue(
                  view.leaderEpoch(), Math.min(start, view.highWatermark()), DropReason.REQUEST);
          process.post(
              partition, new StartAsked(due, why -> answered(partition, due, why), () -> false));
        });
  }

  /** Without a reason why not, it is so for good. */
  private void answered(PartitionId partition, StartDue due, Optional<Refused> why) {
    if (why.isEmpty()) {
      cluster.observer().deleted(partition, due.start());
      cluster.tally().count("deleted on request");
    }
  }
}
