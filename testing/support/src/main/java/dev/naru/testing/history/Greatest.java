package dev.naru.testing.history;

import java.util.SortedMap;
import java.util.TreeMap;

/** The greatest offset that answers have named so far: of all, by client, by leadership. */
final class Greatest {

  private static final long NONE = -1;

  private final SortedMap<Integer, Long> byClient = new TreeMap<>();
  private final TreeMap<Integer, Long> byEpoch = new TreeMap<>();
  private long ofAnybody = NONE;

  void add(Operation.Answered answer, int client) {
    ofAnybody = Math.max(ofAnybody, answer.offset());
    byClient.merge(client, answer.offset(), Math::max);
    answer.leaderEpoch().ifPresent(epoch -> byEpoch.merge(epoch, answer.offset(), Math::max));
  }

  long ofAnybody() {
    return ofAnybody;
  }

  /** The greatest that this answer may not fall below. */
  long thatBinds(Operation.Answered answer, int client) {
    long greatest = byClient.getOrDefault(client, NONE);
    if (answer.leaderEpoch().isPresent()) {
      for (long offset : byEpoch.headMap(answer.leaderEpoch().getAsInt(), true).values()) {
        greatest = Math.max(greatest, offset);
      }
    }
    return greatest;
  }
}
