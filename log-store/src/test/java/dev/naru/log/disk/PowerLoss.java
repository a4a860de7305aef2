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
  /** Some of them, each as a whole or not at all. */
  SOME,
  /** Any of them, in pieces, and lengths without their bytes. */
  ANY;

  int keptOf(int changes, RandomGenerator random) {
    return switch (this) {
      case ALL -> 0;
      case NONE, SOME, ANY -> changes;
      case LATEST -> random.nextInt(changes + 1);
    };
  }

  boolean keeps(int index, int kept, RandomGenerator random) {
    return index < kept && ((this != SOME && this != ANY) || random.nextBoolean());
  }

  int sectorBytes(RandomGenerator random) {
    return this != ANY ? Integer.MAX_VALUE / 4 : random.nextBoolean() ? 512 : 4096;
  }

  boolean keepsSector(RandomGenerator random) {
    return this != ANY || random.nextInt(4) > 0;
  }

  /** How long a file is that has bytes for one length, and would have another had it all. */
  int length(int ofBytes, int ofAll, RandomGenerator random) {
    boolean isAhead = this == ANY && ofBytes < ofAll && random.nextInt(4) == 0;
    return isAhead ? random.nextInt(ofBytes, ofAll) + 1 : ofBytes;
  }
}
