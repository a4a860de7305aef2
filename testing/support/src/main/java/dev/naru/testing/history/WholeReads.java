package dev.naru.testing.history;

import dev.naru.testing.history.Anomaly.Kind;
import dev.naru.testing.history.Operation.Polled;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * At the end every offset from log start to high watermark holds a record, each reader of the end
 * was given it, and nothing was deleted that nobody wanted deleted.
 */
final class WholeReads implements Check {

  @Override
  public void look(Account account, Findings findings) {
    var reads = account.run().finalState().reads();
    if (reads.isEmpty()) {
      findings.invalid("nobody read at the end");
    }
    account.partitions().forEach(partition -> start(partition, findings));
    reads.forEach(history -> read(history, account, findings));
  }

  private static void start(PartitionAccount partition, Findings findings) {
    var end = partition.end();
    gap(partition, end.firstMissed(0, end.logStart()), end.logStart(), "the log", findings);
  }

  private static void read(History history, Account account, Findings findings) {
    Map<PartitionName, Long> expected = new TreeMap<>();
    account.partitions().forEach(each -> expected.put(each.name(), each.end().logStart()));
    history.replay(operation -> {
      if (operation instanceof Polled polled && expected.containsKey(polled.partition())) {
        var partition = account.partition(polled.partition()).orElseThrow();
        long next = expected.getOrDefault(polled.partition(), 0L);
        until(partition, next, polled.offset(), history, findings);
        expected.put(polled.partition(), Math.max(next, polled.offset() + 1));
      }
    });
    account
        .partitions()
        .forEach(partition ->
            until(
                partition,
                expected.getOrDefault(partition.name(), 0L),
                partition.end().highWatermark(),
                history,
                findings));
  }

  private static void until(
      PartitionAccount partition, long from, long to, History history, Findings findings) {
    if (from < to) {
      gap(partition, partition.end().firstMissed(from, to), to, history.name(), findings);
    }
  }

  private static void gap(
      PartitionAccount partition, OptionalLong from, long to, String who, Findings findings) {
    if (from.isPresent()) {
      findings.add(
          Kind.UNEXPLAINED_GAP,
          partition,
          from,
          OptionalLong.empty(),
          () -> "%s has nothing from here to %d".formatted(who, to));
    }
  }
}
