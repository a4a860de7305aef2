package dev.naru.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * Breaks things, one now and then, of the kinds the seed has chosen; in the end, makes all of it
 * good.
 */
final class Faults {

  /** Enough changes of a disk to reach into the next recovery, or the next truncation. */
  private static final int STEPS_MAX = 60;

  private static final long QUIET_NANOS = 4 * World.SECOND;

  private static final long HOUR_MILLIS = 3_600_000;

  private static final List<Long> CLOCK_OFF_MILLIS =
      List.of(0L, HOUR_MILLIS, -HOUR_MILLIS, 72 * HOUR_MILLIS, -72 * HOUR_MILLIS);

  private final SimCluster cluster;
  private final World world;
  private final Dice dice;
  private final List<FaultKind> kinds;
  private int powerLossesLeft;
  private long noReplicationCutBeforeNanos = Long.MIN_VALUE;
  private boolean isOver;

  Faults(SimCluster cluster, Dice dice) {
    this.cluster = cluster;
    this.world = cluster.world();
    this.dice = dice;
    kinds = new ArrayList<>(cluster.scenario().faults());
    powerLossesLeft = cluster.scenario().powerLossesMax();
  }

  void begin() {
    if (!kinds.isEmpty()) {
      world.after(dice.between(0, World.SECOND), this::next);
    }
  }

  private void next() {
    if (isOver) {
      return;
    }
    world.after(dice.between(5 * World.MILLI, cluster.scenario().faultGapNanosMax()), this::next);
    if (dice.chance(0.75)) { // else a healthy while, so that recovery is exercised too
      inject(dice.pick(kinds));
    }
  }

  private void inject(FaultKind kind) {
    int node = someNode();
    int other = someNode();
    long time = dice.between(50 * World.MILLI, 5 * World.SECOND);
    switch (kind) {
      case STOP -> cluster.node(node).process().ifPresent(process -> stop(process, kind));
      case KILL -> cluster.node(node).process().ifPresent(_ -> kill(node, kind));
      case POWER_LOSS -> losePower(node, kind);
      case POWER_LOSS_OF_ALL -> {
        for (int each = 1; each <= cluster.scenario().nodes(); each++) {
          losePower(each, kind);
        }
      }
      case PAUSE ->
          cluster
              .node(node)
              .process()
              .filter(SimProcess::isRunning)
              .ifPresent(process -> pause(process, time, kind));
      case CUT -> {
        cut(node, other, time, kind);
        cut(other, node, time, kind);
      }
      case ONE_WAY_CUT -> cut(node, other, time, kind);
      case ISOLATION -> isolate(node, time, kind);
      case CLIENT_CUT -> {
        int client = Workload.clientNumber(dice.below(cluster.clients()));
        cut(client, node, time, kind);
        cut(node, client, time, kind);
      }
      case RESET ->
          cluster
              .node(node)
              .process()
              .filter(process -> process.links().reset(other))
              .ifPresent(_ -> fired(kind, node));
      case CONTROLLER_LOSS -> {
        cluster.controller().node().ifPresent(active -> fired(kind, active));
        cluster.controller().bar(time);
      }
      case KILL_AT_A_STEP ->
          cluster.node(node).crashAfter(dice.below(STEPS_MAX), () -> kill(node, kind));
      case POWER_LOSS_AT_A_STEP ->
          cluster
              .node(node)
              .crashAfter(
                  dice.below(STEPS_MAX),
                  () -> {
                    if (powerLossesLeft > 0) {
                      losePower(node, kind);
                    } else {
                      kill(node, FaultKind.KILL_AT_A_STEP);
                    }
                  });
      case REPLICATION_CUT -> cutReplication(node, time + World.SECOND, kind);
      case SLOW_DISK ->
          cluster
              .node(node)
              .process()
              .ifPresent(process -> {
                fired(kind, node);
                process.storage().stick(time);
              });
      case CLOCK_JUMP -> {
        fired(kind, node);
        cluster.node(node).setClockOff(dice.pick(CLOCK_OFF_MILLIS));
      }
    }
  }

  /** A fault counts when it meets something, not when it was meant to. */
  private void fired(FaultKind kind, int node) {
    world.trace().note(node, "fault", kind);
    cluster.tally().count(kind.name());
  }

  private int someNode() {
    return 1 + dice.below(cluster.scenario().nodes());
  }

  private void stop(SimProcess process, FaultKind kind) {
    fired(kind, process.node());
    process.stop(() -> restartLater(process.node()));
  }

  private void kill(int node, FaultKind kind) {
    fired(kind, node);
    cluster.node(node).kill();
    restartLater(node);
  }

  private void losePower(int node, FaultKind kind) {
    if (powerLossesLeft == 0) {
      cluster.node(node).process().ifPresent(_ -> kill(node, FaultKind.KILL));
      return;
    }
    powerLossesLeft--;
    fired(kind, node);
    cluster.node(node).losePower();
    restartLater(node);
  }

  private void restartLater(int node) {
    long down =
        dice.chance(0.3)
            ? dice.between(World.MILLI, 20 * World.MILLI) // before anybody notices
            : dice.between(100 * World.MILLI, 5 * World.SECOND);
    world.after(down, () -> cluster.node(node).start());
  }

  private void pause(SimProcess process, long time, FaultKind kind) {
    fired(kind, process.node());
    process.pause();
    world.after(time, () -> resume(process));
  }

  private static void resume(SimProcess process) {
    if (!process.isEnded() && !process.isRunning()) {
      process.resume();
    }
  }

  private void cut(int from, int to, long time, FaultKind kind) {
    if (from != to) {
      fired(kind, Math.min(from, to));
      cluster.net().cut(from, to);
      world.after(time, () -> cluster.net().mend(from, to));
    }
  }

  /** One at a time, and not before all have had time to be in sync again. */
  private void cutReplication(int node, long time, FaultKind kind) {
    if (world.nowNanos() < noReplicationCutBeforeNanos) {
      return;
    }
    noReplicationCutBeforeNanos = world.nowNanos() + time + QUIET_NANOS;
    fired(kind, node);
    cluster.net().cutReplication(node, dice.chance(0.5));
    if (cluster.scenario().breaksOnly(kind)) {
      cluster.observer().scene().cutOff(cluster.node(node).nodeId());
    }
    world.after(
        time,
        () -> {
          cluster.net().mendReplication(node);
          cluster.observer().scene().reachedAgain(cluster.node(node).nodeId());
        });
  }

  /** It reaches no other node, and none reaches it; clients do. */
  void isolate(int node, long time, FaultKind kind) {
    for (int other = 1; other <= cluster.scenario().nodes(); other++) {
      cut(node, other, time, kind);
      cut(other, node, time, kind);
    }
  }

  /** Nothing breaks any more; what was cut is mended, who slept wakes, who died is started. */
  void heal() {
    isOver = true;
    cluster.net().mendAll();
    cluster.controller().bar(0);
    for (int id = 1; id <= cluster.scenario().nodes(); id++) {
      cluster.node(id).goOn();
      cluster.node(id).process().ifPresent(Faults::resume);
      cluster.node(id).start();
    }
  }
}
