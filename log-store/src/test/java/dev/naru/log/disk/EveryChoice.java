package dev.naru.log.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Dice for going through all possibilities, one after the other: each throw of the coin is
 * remembered, and the next round differs from this one in the last throw that can still change.
 */
public final class EveryChoice implements RandomGenerator {

  private final List<Boolean> thrown = new ArrayList<>();
  private int next;

  /** Goes on to the next possibility; false when there was none left. */
  public boolean advance() {
    while (!thrown.isEmpty() && thrown.getLast()) {
      thrown.removeLast();
    }
    if (thrown.isEmpty()) {
      return false;
    }
    thrown.set(thrown.size() - 1, true);
    next = 0;
    return true;
  }

  @Override
  public boolean nextBoolean() {
    if (next == thrown.size()) {
      thrown.add(false);
    }
    return thrown.get(next++);
  }

  @Override
  public long nextLong() {
    throw new UnsupportedOperationException("Expected only coins to be thrown, but it was a die");
  }
}
