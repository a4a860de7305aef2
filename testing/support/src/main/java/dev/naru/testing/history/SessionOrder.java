package dev.naru.testing.history;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.BitSet;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The first copies of a producer's records lie in a partition in the order in which it sent them.
 * One of which the producer was told nothing may come late: it may have waited at a node while the
 * producer went on.
 */
final class SessionOrder implements Check {

  /** How far one session has come in one partition. */
  private static final class Progress {
    final BitSet seen = new BitSet();
    int greatest = -1;
  }

  @Override
  public void look(Account account, Findings findings) {
    for (var partition : account.partitions()) {
      SortedMap<Integer, Progress> sessions = new TreeMap<>();
      partition
          .offsets()
          .forEachUp((offset, packed) ->
              account
                  .sender(packed)
                  .ifPresent(session ->
                      next(
                          session,
                          sessions.computeIfAbsent(session.producer(), _ -> new Progress()),
                          partition,
                          offset,
                          Value.unpacked(packed),
                          findings)));
    }
  }

  private static void next(
      Session session,
      Progress progress,
      PartitionAccount partition,
      long offset,
      Value value,
      Findings findings) {
    int sequence = value.sequence();
    boolean isFirst = !progress.seen.get(sequence);
    progress.seen.set(sequence);
    if (isFirst && sequence < progress.greatest) {
      if (session.isOk(sequence)) {
        int greatest = progress.greatest;
        findings.add(
            Kind.SESSION_ORDER,
            partition,
            OptionalLong.of(offset),
            OptionalLong.of(session.endedNanos(sequence)),
            () -> "%s comes after #%d of the same producer".formatted(value, greatest));
      } else {
        findings.count("late_without_answer");
      }
    }
    progress.greatest = Math.max(progress.greatest, sequence);
  }
}
