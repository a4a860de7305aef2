package dev.naru.testing.history;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.BitSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** In every healthy window something was written to every partition. */
final class Liveness implements Check {

  @Override
  public void look(Account account, Findings findings) {
    Map<HealthyWindow, BitSet> written = new TreeMap<>(HealthyWindow.BY_BEGINNING);
    account.run().healthy().forEach(window -> written.put(window, new BitSet()));
    account
        .sessions()
        .forEach(session -> {
          for (int i = 0; i < session.count(); i++) {
            if (session.isOk(i)) {
              mark(written, session.endedNanos(i), session.partition(i));
            }
          }
        });
    written.forEach((window, partitions) ->
        account.partitions().stream()
            .filter(partition -> !partitions.get(partition.number()))
            .forEach(partition -> add(window, partition, findings)));
    findings.count("healthy.windows", written.size());
  }

  private static void mark(Map<HealthyWindow, BitSet> written, long atNanos, int partition) {
    written.forEach((window, partitions) -> {
      if (window.contains(atNanos)) {
        partitions.set(partition);
      }
    });
  }

  private static void add(HealthyWindow window, PartitionAccount partition, Findings findings) {
    findings.add(
        Kind.NOT_ALIVE,
        partition,
        OptionalLong.empty(),
        OptionalLong.of(window.fromNanos()),
        () ->
            "nothing was acknowledged for %d ms although nothing was broken"
                .formatted((window.toNanos() - window.fromNanos()) / 1_000_000));
  }
}
