package dev.naru.testing.history;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.BitSet;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A record is in one partition, and there once if it was sent once. Of a producer that sends again
 * after an answer that did not come it may be there more often, which is counted.
 */
final class Duplicates implements Check {

  @Override
  public void look(Account account, Findings findings) {
    SortedMap<Integer, BitSet> before = new TreeMap<>(); // of other partitions, by producer
    for (var partition : account.partitions()) {
      SortedMap<Integer, BitSet> here = new TreeMap<>();
      partition
          .offsets()
          .forEachUp((offset, packed) ->
              account
                  .sender(packed)
                  .ifPresent(session -> {
                    int sequence = Value.unpacked(packed).sequence();
                    if (of(before, session).get(sequence)) {
                      add(findings, partition, session, offset, packed, "in another partition");
                    } else if (of(here, session).get(sequence)) {
                      again(findings, partition, session, offset, packed);
                    }
                    of(here, session).set(sequence);
                  }));
      here.forEach(
          (producer, seen) -> before.computeIfAbsent(producer, _ -> new BitSet()).or(seen));
    }
  }

  private static BitSet of(SortedMap<Integer, BitSet> by, Session session) {
    return by.computeIfAbsent(session.producer(), _ -> new BitSet());
  }

  private static void again(
      Findings findings, PartitionAccount partition, Session session, long offset, long packed) {
    if (session.repeats()) {
      findings.count("duplicates");
    } else {
      add(findings, partition, session, offset, packed, "at a lower offset, and was sent once");
    }
  }

  private static void add(
      Findings findings,
      PartitionAccount partition,
      Session session,
      long offset,
      long packed,
      String where) {
    var value = Value.unpacked(packed);
    findings.add(
        Kind.DUPLICATE,
        partition,
        OptionalLong.of(offset),
        OptionalLong.of(session.invokedNanos(value.sequence())),
        () -> "%s is also %s".formatted(value, where));
  }
}
