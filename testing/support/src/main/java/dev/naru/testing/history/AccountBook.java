package dev.naru.testing.history;

import dev.naru.testing.history.Operation.Answered;
import dev.naru.testing.history.Operation.OfMember;
import dev.naru.testing.history.Operation.Polled;
import dev.naru.testing.history.Operation.Positioned;
import dev.naru.testing.history.Operation.Released;
import dev.naru.testing.history.Operation.SendFailed;
import dev.naru.testing.history.Operation.SendInvoked;
import dev.naru.testing.history.Operation.SendOk;
import dev.naru.testing.history.Operation.SendUnknown;
import dev.naru.testing.history.Operation.SessionBegan;
import java.util.Optional;

/**
 * Makes the account of a run. What readers were given at the very end counts first, then what they
 * were given before, then what producers were told.
 */
final class AccountBook {

  /** There is more than can be held. */
  static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooLargeException(String message) {
      super(message);
    }
  }

  private final Run run;
  private final Account account;
  private final Findings findings;
  private final long recordsMax;
  private long sends;
  private long places;

  AccountBook(Run run, Findings findings, long recordsMax) {
    this.run = run;
    this.account = new Account(run);
    this.findings = findings;
    this.recordsMax = recordsMax;
  }

  Account read() {
    for (var history : run.histories()) {
      boolean isWhole = history.isWhole();
      history.replay(operation -> send(history, isWhole, operation));
    }
    for (var history : run.finalState().reads()) {
      int source = account.source(history.name());
      history.replay(operation -> seen(operation, source, true));
    }
    for (var history : run.histories()) {
      int source = account.source(history.name());
      history.replay(operation -> seen(operation, source, false));
    }
    int producers = account.source("the acknowledgement");
    account.partitions().forEach(partition -> acknowledged(partition, producers));
    findings.count("sends", sends);
    findings.count("offsets", places);
    return account;
  }

  private void send(History history, boolean isWhole, Operation operation) {
    boolean fits =
        switch (operation) {
          case SessionBegan(_, int producer, var acks, boolean repeats) ->
              account.begin(new Session(producer, acks, repeats, isWhole));
          case SendInvoked(long at, var value) ->
              session(value).filter(each -> invoked(each, value, at)).isPresent();
          case SendOk ok -> session(ok.value()).filter(each -> ok(each, ok)).isPresent();
          case SendFailed(long at, var value) ->
              session(value).filter(each -> each.failed(value.sequence(), at)).isPresent();
          case SendUnknown(long at, var value) ->
              session(value).filter(each -> each.unknown(value.sequence(), at)).isPresent();
          case Polled _, Positioned _, Released _, Answered _, OfMember _ -> true;
        };
    if (!fits) {
      findings.invalid("%s contradicts itself: %s".formatted(history.name(), operation));
    }
  }

  private Optional<Session> session(Value value) {
    return Optional.ofNullable(account.session(value.producer()));
  }

  private boolean invoked(Session session, Value value, long at) {
    sends++;
    refuseMoreThan(recordsMax, sends, "sends");
    return session.invoked(value.sequence(), at);
  }

  private boolean ok(Session session, SendOk ok) {
    var partition = account.partition(ok.partition());
    if (partition.isEmpty()) {
      findings.invalid("nobody says how " + ok.partition() + " ended");
      return true;
    }
    findings.count("acknowledged." + session.acks().text());
    int sequence = ok.value().sequence();
    int number = partition.get().number();
    return ok.offset().isPresent()
        ? session.ok(sequence, ok.atNanos(), number, ok.offset().getAsLong())
        : session.okSomewhere(sequence, ok.atNanos(), number);
  }

  private void seen(Operation operation, int source, boolean isAtTheEnd) {
    if (!(operation instanceof Polled polled)) {
      return;
    }
    var partition = account.partition(polled.partition());
    if (partition.isEmpty()) {
      findings.invalid("nobody says how " + polled.partition() + " ended");
      return;
    }
    long packed = polled.value().map(Value::packed).orElse(Offsets.ALTERED);
    note(partition.get(), polled.offset(), packed, source);
    partition.get().epochSeen(polled.offset(), polled.leaderEpoch());
    if (isAtTheEnd) {
      partition.get().offsets().noteReadAtTheEnd(polled.offset());
      findings.count("read.at_the_end");
    } else {
      findings.count("read");
    }
    account.sender(packed).ifPresent(session -> session.seen(Value.unpacked(packed).sequence()));
  }

  /** Only with all replicas: with fewer, what was acknowledged may never have been there. */
  private void acknowledged(PartitionAccount partition, int source) {
    for (var session : account.sessions()) {
      for (int i = 0; session.acks() == Acks.ALL && i < session.count(); i++) {
        if (session.isOk(i) && session.hasOffset(i) && session.partition(i) == partition.number()) {
          note(partition, session.offset(i), new Value(session.producer(), i).packed(), source);
        }
      }
    }
  }

  private void note(PartitionAccount partition, long offset, long packed, int source) {
    long before = partition.offsets().count();
    partition.offsets().note(offset, packed, source);
    places += partition.offsets().count() - before;
    refuseMoreThan(recordsMax, places, "offsets");
  }

  private static void refuseMoreThan(long most, long there, String what) {
    if (there > most) {
      throw new TooLargeException(
          "Expected at most %,d %s, but there are more".formatted(most, what));
    }
  }
}
