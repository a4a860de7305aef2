package dev.naru.metadata.balance;

import java.util.function.BooleanSupplier;

/**
 * How much a plan may look for, and whether somebody still waits for it. Counted, not timed: the
 * same cluster has the same plan on every machine. Owned by the one who plans.
 */
final class Effort {

  /** About a second of a slow processor; what is found by then is the plan, and it is cut short. */
  static final long LOOKS_MAX = 10_000_000;

  /** Looks between two questions whether it is given up. */
  private static final long UNASKED_MAX = 1_000;

  private final BooleanSupplier isGivenUp;
  private final long looksMax;
  private long looks;
  private boolean isOver;

  Effort(BooleanSupplier isGivenUp) {
    this(isGivenUp, LOOKS_MAX);
  }

  Effort(BooleanSupplier isGivenUp, long looksMax) {
    this.isGivenUp = isGivenUp;
    this.looksMax = looksMax;
  }

  /** One more thing was looked at. */
  void look() {
    looks++;
    if (looks > looksMax || (looks % UNASKED_MAX == 0 && isGivenUp.getAsBoolean())) {
      isOver = true;
    }
  }

  /** Whether to end with what there is. */
  boolean isOver() {
    return isOver;
  }
}
