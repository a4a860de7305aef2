package dev.naru.simulation;

import java.util.TreeSet;

/**
 * Who can reach whom, and how long it takes. Machines and clients are numbered; a cut has a
 * direction.
 */
final class SimNet {

  /** A stream over which nothing passes for so long is given up by both ends. */
  static final long KEEPALIVE_NANOS = 2 * World.SECOND;

  private final World world;
  private final Dice dice;
  private final long delayNanosMax;
  private final TreeSet<Long> cuts = new TreeSet<>();
  private final TreeSet<Integer> mute = new TreeSet<>();
  private final TreeSet<Integer> deaf = new TreeSet<>();

  SimNet(World world, Dice dice, long delayNanosMax) {
    this.world = world;
    this.dice = dice;
    this.delayNanosMax = delayNanosMax;
  }

  World world() {
    return world;
  }

  void cut(int from, int to) {
    cuts.add(direction(from, to));
  }

  void mend(int from, int to) {
    cuts.remove(direction(from, to));
  }

  void mendAll() {
    cuts.clear();
    mute.clear();
    deaf.clear();
  }

  boolean isCut(int from, int to) {
    return cuts.contains(direction(from, to));
  }

  /** Nothing that replicas say gets out of this machine, or into it. */
  void cutReplication(int node, boolean out) {
    (out ? mute : deaf).add(node);
  }

  void mendReplication(int node) {
    mute.remove(node);
    deaf.remove(node);
  }

  /** Whether what a replica here says to one there is lost. */
  boolean isReplicationCut(int from, int to) {
    return isCut(from, to) || mute.contains(from) || deaf.contains(to);
  }

  boolean areConnected(int one, int other) {
    return !isCut(one, other) && !isCut(other, one);
  }

  /** Whether a replica on one can call one on the other. */
  boolean canReplicate(int one, int other) {
    return !isReplicationCut(one, other) && !isReplicationCut(other, one);
  }

  private static long direction(int from, int to) {
    return ((long) from << 32) | to;
  }

  /** How long the next message takes: mostly little, now and then much. */
  long delayNanos() {
    return dice.chance(0.02)
        ? dice.between(5 * World.MILLI, 200 * World.MILLI)
        : dice.between(50 * World.MICRO, delayNanosMax);
  }

  /** Sends one message that may get lost on its way. */
  void datagram(int from, int to, Runnable deliver) {
    world.after(
        delayNanos(),
        () -> {
          if (!isCut(from, to)) {
            deliver.run();
          }
        });
  }
}
