package dev.naru.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * Breaks things, one now and then, of the kinds the seed has chosen; in the end, makes all of it
 * good.
 */
final class Faults {

  private final SimCluster cluster;
  private final World world;
  private final Dice dice;
  private final List<FaultKind> kinds;
  private boolean isOver;

  Faults(SimCluster cluster, Dice dice) {
    this.cluster = cluster;
    this.world = cluster.world();
    this.dice = dice;
    kinds = new ArrayList<>(cluster.scenario().faults());
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
    world.trace().note(node, "fault", kind);
    cluster.tally().count(kind.name());
    switch (kind) {
      case STOP -> cluster.node(node).process().ifPresent(this::stop);
      case KILL -> {
        cluster.node(node).kill();
        restartLater(node);
      }
      case POWER_LOSS -> losePower(node);
      case POWER_LOSS_OF_ALL -> {
        for (int each = 1; each <= cluster.scenario().nodes(); each++) {
          losePower(each);
        }
      }
      case PAUSE -> pause(node, time);
      case CUT -> {
        cut(node, other, time);
        cut(other, node, time);
      }
      case ONE_WAY_CUT -> cut(node, other, time);
      case ISOLATION -> isolate(node, time);
      case CLIENT_CUT -> {
        int client = Workload.clientNumber(dice.below(cluster.workload().clients()));
        cut(client, node, time);
        cut(node, client, time);
      }
      case RESET -> cluster.node(node).process().ifPresent(it -> it.links().reset(other));
      case CONTROLLER_LOSS -> cluster.controller().bar(time);
    }
  }

  private int someNode() {
    return 1 + dice.below(cluster.scenario().nodes());
  }

  private void stop(SimProcess process) {
    process.stop(() -> restartLater(process.node()));
  }

  private void losePower(int node) {
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

  private void pause(int node, long time) {
    cluster
        .node(node)
        .process()
        .filter(SimProcess::isRunning)
        .ifPresent(process -> {
          process.pause();
          world.after(time, () -> resume(process));
        });
  }

  private static void resume(SimProcess process) {
    if (!process.isEnded() && !process.isRunning()) {
      process.resume();
    }
  }

  private void cut(int from, int to, long time) {
    if (from != to) {
      cluster.net().cut(from, to);
      world.after(time, () -> cluster.net().mend(from, to));
    }
  }

  private void isolate(int node, long time) {
    for (int other = 1; other <= cluster.scenario().nodes(); other++) {
      cut(node, other, time);
      cut(other, node, time);
    }
  }

  /** Nothing breaks any more; what was cut is mended, who slept wakes, who died is started. */
  void heal() {
    isOver = true;
    cluster.net().mendAll();
    cluster.controller().bar(0);
    for (int id = 1; id <= cluster.scenario().nodes(); id++) {
      cluster.node(id).process().ifPresent(Faults::resume);
      cluster.node(id).start();
    }
  }
}
