package dev.naru.broker.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.eventlog.ScribeInput.News;
import dev.naru.metadata.chronicle.ClusterEvent;
import dev.naru.metadata.chronicle.EventField;
import dev.naru.metadata.chronicle.EventId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A log of events has each once and in order, whoever leads it. */
class EventScribeTest extends ScribeScene {

  @Test
  void writesWhatHappenedAndThenWhatHappens() {
    journal = journal.with(1, events(1, 2));
    var scribe = EventScribe.begin(log, ports, 0);

    settle(scribe);

    assertThat(log.names()).containsExactly("events/1.0", "events/1.1");
    assertThat(scribe.isAtRest()).isTrue();
    journal = journal.with(4, events(4, 1));
    scribe.take(new News());
    assertThat(scribe.isAtRest()).isFalse();
    settle(scribe);
    assertThat(log.names()).containsExactly("events/1.0", "events/1.1", "events/4.0");
    assertThat(tailsRead).isZero();
  }

  @Test
  void triesAgainLaterWhatIsRefused() {
    journal = journal.with(1, events(1, 1));
    log.refusal = Optional.of(TOO_FEW);
    var scribe = EventScribe.begin(log, ports, 0);

    settle(scribe);
    scribe.tick(TimeUnit.MILLISECONDS.toNanos(500));
    settle(scribe);
    assertThat(log.asked).isEqualTo(1);
    assertThat(scribe.isAtRest()).isFalse();
    log.refusal = Optional.empty();
    tick(scribe, 1);

    assertThat(log.names()).containsExactly("events/1.0");
  }

  @Test
  void writesOneBatchATurn() {
    for (int index = 1; index <= 20; index++) {
      journal = journal.with(index, events(index, 100));
    }
    var scribe = EventScribe.begin(log, ports, 0);

    scribe.tick(1);
    scribe.settle();

    assertThat(log.asked).isEqualTo(1);
    assertThat(turnsWanted).isEqualTo(1);
    settle(scribe);
    assertThat(log.names()).hasSize(2_000).doesNotHaveDuplicates();
    assertThat(scribe.isAtRest()).isTrue();
  }

  @Test
  void tellsOnceAMinuteThatNothingIsTaken() {
    journal = journal.with(1, events(1, 1));
    log.refusal = Optional.of(TOO_FEW);
    var scribe = EventScribe.begin(log, ports, 0);

    for (int second = 0; second < 60; second++) {
      tick(scribe, second);
    }
    assertThat(refusals).as("it may pass").isEmpty();
    for (int second = 60; second < 180; second++) {
      tick(scribe, second);
    }
    assertThat(refusals).containsExactly(TOO_FEW, TOO_FEW);
    log.refusal = Optional.empty();
    tick(scribe, 180);
    log.refusal = Optional.of(TOO_FEW);
    journal = journal.with(2, events(2, 1));
    tick(scribe, 181);
    tick(scribe, 239);

    assertThat(refusals).as("counted anew").hasSize(2);
  }

  @Test
  void oneThatCannotBeToldKeepsNoOtherFromBeingWritten() {
    var untellable =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("has no words");
          }
        };
    var sound = events(1, 3);
    var event = sound.get(1);
    var faulty =
        new ClusterEvent(
            event.id(),
            event.atMillis(),
            event.code(),
            event.subject(),
            event.cause(),
            event.principal(),
            List.of(new EventField("removed", untellable)));
    journal = journal.with(1, List.of(sound.get(0), faulty, sound.get(2)));

    settle(EventScribe.begin(log, ports, 0));

    assertThat(log.names()).containsExactly("events/1.0", "events/1.1", "events/1.2");
    assertThat(log.values().get(1))
        .isEqualTo(
            "{\"name\":\"events/1.1\",\"index\":\"1\",\"ordinal\":1,"
                + "\"createTime\":\"1970-01-01T00:00:01Z\",\"code\":\"ISR_SHRUNK\","
                + "\"level\":\"LEVEL_WARN\",\"message\":\"A fault of Naru keeps this event from"
                + " being told\"}");
    assertThat(unwritable).containsExactly(new EventId(1, 1));
  }

  @Test
  void waitsForFollowersThatAreFarBehind() {
    for (int index = 1; index <= 60; index++) {
      journal = journal.with(index, events(index, 100));
    }
    var scribe = EventScribe.begin(log, ports, 0);

    settle(scribe);
    int first = log.names().size();
    scribe.committed(log.end());
    settle(scribe);

    assertThat(first).isBetween(5_000, 5_500);
    assertThat(log.names()).hasSize(6_000).doesNotHaveDuplicates();
  }

  @Test
  void theRecordsAreEventsInJson() {
    journal = journal.with(3, events(3, 1));
    settle(EventScribe.begin(log, ports, 0));

    assertThat(log.values())
        .containsExactly(
            "{\"name\":\"events/3.0\",\"index\":\"3\",\"ordinal\":0,"
                + "\"createTime\":\"1970-01-01T00:00:01Z\",\"code\":\"ISR_SHRUNK\","
                + "\"level\":\"LEVEL_WARN\",\"resource\":\"topics/orders/partitions/2\","
                + "\"message\":\"In sync in orders/2 are 1,2 now, without 3\",\"cause\":\"NODE_FENCED\",\"causeMessage\":\"node 3 was fenced\","
                + "\"principal\":\"an\\\"n\\u000a\",\"fields\":{\"removed\":\"3\",\"isr\":\"1,2\","
                + "\"cause_node\":\"3\"}}");
  }
}
