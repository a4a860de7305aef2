package dev.naru.testing.history;

import dev.naru.testing.history.Anomaly.Kind;
import dev.naru.testing.history.Operation.OfMember.Assigned;
import dev.naru.testing.history.Operation.Polled;
import dev.naru.testing.history.Operation.Positioned;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** A reader is given every record from where it stands, each once, until it is set elsewhere. */
final class Polls implements Check {

  @Override
  public void look(Account account, Findings findings) {
    account.run().finalState().reads().forEach(each -> read(each, account, findings));
    account.run().histories().forEach(each -> read(each, account, findings));
  }

  private static void read(History history, Account account, Findings findings) {
    SortedMap<PartitionName, Long> expected = new TreeMap<>(); // absent: any offset
    history.replay(operation -> {
      if (operation instanceof Assigned assigned) {
        expected.remove(assigned.partition()); // where its group is, which others look at
      } else if (operation instanceof Positioned positioned) {
        expected.remove(positioned.partition());
        positioned.offset().ifPresent(offset -> expected.put(positioned.partition(), offset));
      } else if (operation instanceof Polled polled) {
        var next = expected.put(polled.partition(), polled.offset() + 1);
        if (next != null) {
          account
              .partition(polled.partition())
              .ifPresent(partition -> compare(history, polled, next, partition, findings));
        }
      }
    });
  }

  private static void compare(
      History history,
      Polled polled,
      long expected,
      PartitionAccount partition,
      Findings findings) {
    if (polled.offset() < expected) {
      add(Kind.POLL_BACKWARD, polled.offset(), history, polled, expected, partition, findings);
    } else if (polled.offset() > expected) {
      var missed = partition.end().firstMissed(expected, polled.offset());
      if (missed.isPresent()) {
        add(Kind.POLL_SKIPPED, missed.getAsLong(), history, polled, expected, partition, findings);
      } else {
        findings.count("skipped.explained", polled.offset() - expected);
      }
    }
  }

  private static void add(
      Kind kind,
      long offset,
      History history,
      Polled polled,
      long expected,
      PartitionAccount partition,
      Findings findings) {
    findings.add(
        kind,
        partition,
        OptionalLong.of(offset),
        OptionalLong.of(polled.atNanos()),
        () ->
            "%s expected offset %d, but was given %d"
                .formatted(history.name(), expected, polled.offset()));
  }
}
