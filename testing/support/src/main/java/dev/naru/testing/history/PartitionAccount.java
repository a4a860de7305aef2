package dev.naru.testing.history;

import java.util.OptionalInt;
import java.util.TreeMap;

/** All that is known of one partition. */
final class PartitionAccount {

  private final int number;
  private final FinalState.PartitionEnd end;
  private final Offsets offsets = new Offsets();
  private final TreeMap<Long, Integer> epochs = new TreeMap<>(); // by an offset where one was seen

  PartitionAccount(int number, FinalState.PartitionEnd end) {
    this.number = number;
    this.end = end;
  }

  int number() {
    return number;
  }

  PartitionName name() {
    return end.partition();
  }

  FinalState.PartitionEnd end() {
    return end;
  }

  Offsets offsets() {
    return offsets;
  }

  /** A record of this leadership was seen here. */
  void epochSeen(long offset, int leaderEpoch) {
    var before = epochs.floorEntry(offset);
    if (before == null || before.getValue() != leaderEpoch) {
      epochs.put(offset, leaderEpoch);
    }
  }

  /** Under which leadership a record here was probably appended. */
  OptionalInt epochAt(long offset) {
    var seen = epochs.floorEntry(offset);
    return seen == null ? OptionalInt.empty() : OptionalInt.of(seen.getValue());
  }

  /** How many leaderships were seen. */
  long leaderships() {
    return epochs.values().stream().distinct().count();
  }
}
