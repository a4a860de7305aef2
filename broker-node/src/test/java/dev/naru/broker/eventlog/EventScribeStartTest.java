package dev.naru.broker.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.eventlog.ScribeInput.News;
import dev.naru.broker.eventlog.ScribeInput.TailPutOff;
import dev.naru.broker.eventlog.ScribeInput.TailRead;
import dev.naru.broker.eventlog.ScribeInput.TailUnreadable;
import dev.naru.metadata.chronicle.EventId;
import dev.naru.metadata.chronicle.Journal;
import dev.naru.metadata.machine.InternalTopics;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where a scribe goes on that leads a log which others may have written. */
class EventScribeStartTest extends ScribeScene {

  /** Whoever reads to the end of a topic that has just been made would find nothing. */
  @Test
  void isBehindUntilWhatItKnewIsCommitted() {
    for (int index = 1; index <= 20; index++) {
      journal = journal.with(index, events(index, 100));
    }
    var scribe = EventScribe.begin(log, ports, 0);
    scribe.settle();
    assertThat(scribe.isBehind()).isTrue();

    settle(scribe);
    assertThat(scribe.isBehind()).as("nothing is committed").isTrue();
    scribe.committed(1_999);
    assertThat(scribe.isBehind()).isTrue();
    scribe.committed(2_000);
    assertThat(scribe.isBehind()).isFalse();

    journal = journal.with(21, events(21, 1));
    scribe.take(new News());
    settle(scribe);
    assertThat(scribe.isBehind()).as("only at first").isFalse();
  }

  @Test
  void isNotBehindWithWhatItMayNotWrite() {
    journal = journal.with(1, events(1, 1));
    log.refusal = Optional.of(TOO_FEW);
    var scribe = EventScribe.begin(log, ports, 0);

    settle(scribe);

    assertThat(scribe.isBehind()).isFalse();
  }

  @Test
  void goesOnWhereTheLastLeaderEnded() {
    log.end = 7;
    journal = journal.with(1, events(1, 2)).with(2, events(2, 2)).with(3, events(3, 1));
    var scribe = EventScribe.begin(log, ports, 0);

    settle(scribe);
    assertThat(log.names()).as("before it knows").isEmpty();
    scribe.take(new TailRead(new EventId(2, 0)));
    settle(scribe);

    assertThat(tailsRead).isEqualTo(1);
    assertThat(log.names()).containsExactly("events/2.1", "events/3.0");
  }

  @Test
  void saysWhereItDoesNotKnowWhatCameNext() {
    log.end = 7;
    journal = Journal.startingAfter(90).with(91, events(91, 1));
    var scribe = EventScribe.begin(log, ports, 0);

    scribe.take(new TailRead(new EventId(80, 3)));
    settle(scribe);

    assertThat(log.names()).containsExactly("events/90.2147483647", "events/91.0");
    assertThat(log.values().getFirst()).contains("EVENTS_MISSING").contains("80.3");
  }

  @Test
  void goesOnInALogThatLostAllToItsAge() {
    log.start = 7;
    log.end = 7;
    wallMillis = 1_001 + InternalTopics.EVENTS_RETENTION.toMillis();
    journal =
        journal.with(1, events(1, 2)).with(2, events(2, 2)).with(3, events(3, 1, wallMillis - 10));
    var scribe = EventScribe.begin(log, ports, 0);

    settle(scribe);

    assertThat(log.names()).as("only what happened since").containsExactly("events/3.0");
    assertThat(tailsRead).isZero();
  }

  @Test
  void saysThatItDoesNotKnowWhatALogHeldThatLostAllToItsAge() {
    log.start = 7;
    log.end = 7;
    journal = Journal.startingAfter(90).with(91, events(91, 1));

    settle(EventScribe.begin(log, ports, 0));

    assertThat(log.names()).containsExactly("events/90.2147483647", "events/91.0");
  }

  @Test
  void looksAgainWithTheNextTickWhereNothingWasRead() {
    log.end = 7;
    journal = journal.with(1, events(1, 2));
    var scribe = EventScribe.begin(log, ports, 0);

    scribe.take(new TailPutOff());
    settle(scribe);
    assertThat(tailsRead).isEqualTo(1);
    tick(scribe, 1);
    assertThat(tailsRead).isEqualTo(2);
    tick(scribe, 2);
    assertThat(tailsRead).as("one at a time").isEqualTo(2);
    scribe.take(new TailRead(new EventId(1, 0)));
    settle(scribe);

    assertThat(log.names()).containsExactly("events/1.1");
  }

  @Test
  void writesNothingAfterWhatItCannotRead() {
    log.end = 7;
    journal = journal.with(1, events(1, 1));
    var scribe = EventScribe.begin(log, ports, 0);

    scribe.take(new TailUnreadable(TOO_FEW));
    tick(scribe, 1);

    assertThat(log.asked).isZero();
    assertThat(unreadable).contains(TOO_FEW);
    assertThat(scribe.isAtRest()).isTrue();
  }
}
