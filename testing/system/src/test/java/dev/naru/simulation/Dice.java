package dev.naru.simulation;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Random numbers by SplitMix64, written out so that no other JDK draws other ones. Each part of the
 * simulation has its own dice, made from the seed and its name: one more draw in one part does not
 * shift what the others draw.
 */
final class Dice implements RandomGenerator {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private final long seed;
  private long state;

  private Dice(long seed) {
    this.seed = seed;
    this.state = seed;
  }

  static Dice of(long seed) {
    return new Dice(mixed(seed + GAMMA));
  }

  /** Dice for a part of whoever has these; the same name gives the same ones. */
  Dice named(String name) {
    long mixed = seed;
    for (int i = 0; i < name.length(); i++) {
      mixed = mixed(mixed ^ (name.charAt(i) + GAMMA));
    }
    return new Dice(mixed);
  }

  Dice numbered(long number) {
    return new Dice(mixed(seed ^ mixed(number + GAMMA)));
  }

  @Override
  public long nextLong() {
    state += GAMMA;
    return mixed(state);
  }

  /** From 0 to below the bound. */
  int below(int bound) {
    return (int) Math.multiplyHigh(nextLong() >>> 1, 2L * bound);
  }

  /** From the first to the second, both included. */
  long between(long least, long most) {
    return least + Math.floorMod(nextLong() >>> 1, most - least + 1);
  }

  boolean chance(double probability) {
    return (nextLong() >>> 11) * 0x1.0p-53 < probability;
  }

  <T> T pick(List<T> from) {
    return from.get(below(from.size()));
  }

  private static long mixed(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
