package dev.naru.log.epoch;

import dev.naru.types.LeaderEpoch;

/** The first offset of a leader epoch. */
public record EpochStart(LeaderEpoch epoch, long startOffset) {

  /** Refuses offsets below zero. */
  public EpochStart {
    if (startOffset < 0) {
      throw new IllegalArgumentException("Expected an offset >= 0, but was " + startOffset);
    }
  }
}
