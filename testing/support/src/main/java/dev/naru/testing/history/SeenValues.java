package dev.naru.testing.history;

import dev.naru.testing.history.Anomaly.Kind;
import dev.naru.testing.history.Operation.Polled;
import dev.naru.testing.history.Session.Outcome;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What readers are given was sent, was not refused, is as it was sent, and comes after it was sent.
 */
final class SeenValues implements Check {

  @Override
  public void look(Account account, Findings findings) {
    account.run().finalState().reads().forEach(history -> read(history, account, findings));
    account.run().histories().forEach(history -> read(history, account, findings));
  }

  private static void read(History history, Account account, Findings findings) {
    history.replay(operation -> {
      if (operation instanceof Polled polled) {
        account
            .partition(polled.partition())
            .ifPresent(partition -> polled(history, polled, partition, account, findings));
      }
    });
  }

  private static void polled(
      History history,
      Polled polled,
      PartitionAccount partition,
      Account account,
      Findings findings) {
    if (polled.value().isEmpty()) {
      add(
          Kind.ALTERED,
          partition,
          polled,
          findings,
          () -> "%s was given a record that nobody sent".formatted(history.name()));
      return;
    }
    var value = polled.value().get();
    var sender = account.sender(value.packed());
    if (sender.isEmpty()) {
      if (account.mayHaveBeenSent(value)) {
        findings.count("read.of_killed_clients");
      } else {
        add(
            Kind.UNKNOWN_VALUE,
            partition,
            polled,
            findings,
            () -> "%s was given %s, which nobody sent".formatted(history.name(), value));
      }
      return;
    }
    if (sender.get().outcome(value.sequence()) == Outcome.FAILED) {
      add(
          Kind.FAILED_READ,
          partition,
          polled,
          findings,
          () -> "%s was given %s, which was refused".formatted(history.name(), value));
    }
    if (polled.atNanos() < sender.get().invokedNanos(value.sequence())) {
      add(
          Kind.EARLY_READ,
          partition,
          polled,
          findings,
          () -> "%s was given %s before it was sent".formatted(history.name(), value));
    }
  }

  private static void add(
      Kind kind,
      PartitionAccount partition,
      Polled polled,
      Findings findings,
      Supplier<String> what) {
    findings.add(
        kind, partition, OptionalLong.of(polled.offset()), OptionalLong.of(polled.atNanos()), what);
  }
}
