package dev.naru.simulation;

import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.PowerLoss;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.DirectoryMeta;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A machine: a disk, and at most one process that runs on it. */
final class SimNode {

  private static final List<PowerLoss> LOSSES =
      List.of(PowerLoss.ALL, PowerLoss.LATEST, PowerLoss.ANY);

  private final SimCluster cluster;
  private final int id;
  private final Dice dice;
  private final Dice diskDice;
  private CrashableDisk disk = CrashableDisk.empty();
  private Optional<SimProcess> process = Optional.empty();
  private int starts;
  private boolean hasLostPower;
  private long clockOffMillis;

  SimNode(SimCluster cluster, int id, Dice dice) {
    this.cluster = cluster;
    this.id = id;
    this.dice = dice;
    diskDice = dice.named("disk");
    DataDirectory.format(
            disk,
            new DirectoryMeta(
                SimCluster.CLUSTER_ID, nodeId(), new UUID(dice.nextLong(), dice.nextLong())))
        .ifPresent(why -> {
          throw new IllegalStateException(why.toString());
        });
  }

  int id() {
    return id;
  }

  NodeId nodeId() {
    return new NodeId(id);
  }

  /** The process, if one is alive; it may stand still. */
  Optional<SimProcess> process() {
    return process;
  }

  /** What the wall clock of this machine shows. */
  long wallMillis() {
    return cluster.world().nowMillis() + clockOffMillis;
  }

  /** Moves the wall clock so that it is so far from the true time. */
  void setClockOff(long millis) {
    clockOffMillis = millis;
  }

  /**
   * A clock that is ahead is set right before: whether it is when a process begins, no process can
   * tell, and nothing is promised.
   */
  void start() {
    if (process.isEmpty()) {
      starts++;
      clockOffMillis = Math.min(clockOffMillis, 0);
      process = Optional.of(SimProcess.start(cluster, this, disk, dice.numbered(starts)));
    }
  }

  /** Ends the process without a word; what it wrote to files stays. */
  void kill() {
    process.ifPresent(running -> {
      process = Optional.empty();
      running.end();
    });
    disk.close();
  }

  /** A bit of this file changes, and nobody is told. */
  void rot(String name, int position, int bits) {
    disk.rot(name, position, bits);
  }

  /** After so many changes of the disk that is there now, this happens instead of the next one. */
  void crashAfter(int changes, Runnable whatHappens) {
    var left = new int[] {changes};
    disk.beforeEachChange(() -> {
      if (--left[0] < 0) { // and what is tidied up on the way out does not happen either
        throw new StepCrash(() -> {
          goOn();
          whatHappens.run();
        });
      }
    });
  }

  /** No crash is to come any more. */
  void goOn() {
    disk.beforeEachChange(() -> {});
  }

  /** The process has ended in order, its logs closed. */
  void stopped() {
    process.ifPresent(SimProcess::end);
    process = Optional.empty();
    disk.close();
  }

  /** Whether its disk may hold what was there before something else was written there. */
  boolean hasLostPower() {
    return hasLostPower;
  }

  /** The machine stops at once; of what was not forced some is lost. */
  void losePower() {
    hasLostPower = true;
    process.ifPresent(SimProcess::end);
    process = Optional.empty();
    disk = disk.afterPowerLoss(diskDice.pick(LOSSES), diskDice);
  }
}
