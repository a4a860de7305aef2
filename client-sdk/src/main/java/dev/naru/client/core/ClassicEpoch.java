package dev.naru.client.core;

/**
 * The epochs that a member of a classic group is told. A generation has two: in the first one the
 * member has what it was handed, in the second one, when the next round has begun, it has nothing.
 */
public final class ClassicEpoch {

  private static final int EACH = 2;

  private ClassicEpoch() {}

  /** While it has what it was handed in this generation. */
  public static int handed(int generation) {
    return generation * EACH;
  }

  /** When this generation is over. */
  public static int over(int generation) {
    return generation * EACH + 1;
  }

  /** Of which generation this is. */
  public static int generation(int epoch) {
    return epoch / EACH;
  }
}
