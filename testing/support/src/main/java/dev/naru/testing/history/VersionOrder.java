package dev.naru.testing.history;

import dev.naru.testing.history.Anomaly.Kind;
import dev.naru.testing.history.Operation.Polled;
import java.util.OptionalLong;

/** Everybody saw the same value at the same offset, and was told of no other place. */
final class VersionOrder implements Check {

  @Override
  public void look(Account account, Findings findings) {
    account.run().finalState().reads().forEach(history -> polled(history, account, findings));
    account.run().histories().forEach(history -> polled(history, account, findings));
    account.sessions().forEach(session -> acknowledged(session, account, findings));
  }

  private static void polled(History history, Account account, Findings findings) {
    history.replay(operation -> {
      if (operation instanceof Polled polled) {
        account
            .partition(polled.partition())
            .ifPresent(partition ->
                compare(
                    account,
                    findings,
                    partition,
                    polled.offset(),
                    polled.value().map(Value::packed).orElse(Offsets.ALTERED),
                    polled.atNanos(),
                    history.name()));
      }
    });
  }

  private static void acknowledged(Session session, Account account, Findings findings) {
    if (session.acks() != Acks.ALL) {
      return;
    }
    for (int i = 0; i < session.count(); i++) {
      if (session.isOk(i) && session.hasOffset(i)) {
        compare(
            account,
            findings,
            account.partition(session.partition(i)),
            session.offset(i),
            new Value(session.producer(), i).packed(),
            session.endedNanos(i),
            "its acknowledgement");
      }
    }
  }

  private static void compare(
      Account account,
      Findings findings,
      PartitionAccount partition,
      long offset,
      long value,
      long atNanos,
      String source) {
    long first = partition.offsets().value(offset);
    if (first != value) {
      findings.add(
          Kind.INCONSISTENT_OFFSET,
          partition,
          OptionalLong.of(offset),
          OptionalLong.of(atNanos),
          () ->
              "%s says %s, but %s says %s"
                  .formatted(
                      account.sourceName(partition.offsets().source(offset)),
                      Offsets.text(first),
                      source,
                      Offsets.text(value)));
    }
  }
}
