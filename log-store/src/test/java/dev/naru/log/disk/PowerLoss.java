package dev.naru.log.disk;

import java.util.random.RandomGenerator;

/** How much of what was not forced a power loss leaves. */
public enum PowerLoss {
  /** Nothing: the strictest reading. */
  ALL,
  /** Everything: nothing but the process was killed. */
  NONE,
  /** The first of them, as a journaling file system would. */
  LATEST,
  /** Any of them, in pieces, and lengths without their bytes. */
  ANY;

  int keptOf(int changes, RandomGenerator random) {
    return switch (this) {
      case ALL -> 0;
      case NONE, ANY -> changes;
      case LATEST -> random.nextInt(changes + 1);
    };
  }

  boolean keeps(int index, int kept, RandomGenerator random) {
    return index < kept && (this != ANY || random.nextBoolean());
  }

  int sectorBytes(RandomGenerator random) {
    return this != ANY ? Integer.MAX_VALUE / 4 : random.nextBoolean() ? 512 : 4096;
  }

  boolean keepsSector(RandomGenerator random) {
    return this != ANY || random.nextInt(4) > 0;
  }

  boolean isLengthAhead(RandomGenerator random) {
    return this == ANY && random.nextInt(4) == 0;
  }
}
