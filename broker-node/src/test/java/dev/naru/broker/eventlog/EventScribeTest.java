package dev.naru.broker.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.eventlog.ScribeInput.News;
import dev.naru.broker.eventlog.ScribeInput.TailPutOff;
import dev.naru.broker.eventlog.ScribeInput.TailRead;
import dev.naru.broker.eventlog.ScribeInput.TailUnreadable;
import dev.naru.broker.partition.TenantLog;
import dev.naru.log.LogView;
import dev.naru.metadata.chronicle.ClusterEvent;
import dev.naru.metadata.chronicle.ClusterEventCode;
import dev.naru.metadata.chronicle.EventCause;
import dev.naru.metadata.chronicle.EventField;
import dev.naru.metadata.chronicle.EventId;
import dev.naru.metadata.chronicle.EventSubject.OfPartition;
import dev.naru.metadata.chronicle.Journal;
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.record.BatchBytes;
import dev.naru.record.InflationLimit;
import dev.naru.record.RecordReader;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A log of events has each once and in order, whoever leads it. */
class EventScribeTest {

  private static final PartitionId ID = new PartitionId(TopicId.of(1, 2), 0);
  private static final Refused TOO_FEW =
      new Refused(ErrorCode.NOT_ENOUGH_REPLICAS, "Expected more");

  private Journal journal = Journal.EMPTY;
  private final Log log = new Log();
  private int tailsRead;
  private int turnsWanted;
  private long wallMillis = 5_000;
  private Optional<Refused> unreadable = Optional.empty();
  private final List<Refused> refusals = new ArrayList<>();
  private final List<EventId> unwritable = new ArrayList<>();
  private final ScribePorts ports =
      new ScribePorts(
          () -> journal,
          asked -> tailsRead++,
          asked -> turnsWanted++,
          new Told(),
          () -> wallMillis);

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

  /** What a loop does at the end of a turn, until nobody wants another one. */
  private void settle(EventScribe scribe) {
    scribe.settle();
    while (turnsWanted > 0) {
      turnsWanted--;
      scribe.take(new News());
      scribe.settle();
    }
  }

  private void tick(EventScribe scribe, long seconds) {
    scribe.tick(TimeUnit.SECONDS.toNanos(seconds));
    settle(scribe);
  }

  private final class Told implements ScribePorts.Notices {

    @Override
    public void unreadable(PartitionId partition, Refused why) {
      unreadable = Optional.of(why);
    }

    @Override
    public void refused(PartitionId partition, Refused why) {
      refusals.add(why);
    }

    @Override
    public void unwritable(PartitionId partition, EventId event, RuntimeException fault) {
      unwritable.add(event);
    }
  }

  private static List<ClusterEvent> events(long index, int count) {
    return events(index, count, 1_000);
  }

  private static List<ClusterEvent> events(long index, int count, long atMillis) {
    return IntStream.range(0, count)
        .mapToObj(ordinal ->
            new ClusterEvent(
                new EventId(index, ordinal),
                atMillis,
                ClusterEventCode.ISR_SHRUNK,
                new OfPartition("orders", 2),
                EventCause.NODE_FENCED,
                "an\"n\n",
                List.of(
                    new EventField("removed", List.of(3)),
                    new EventField("isr", List.of(1, 2)),
                    new EventField("cause_node", 3))))
        .toList();
  }

  /** Takes batches, or refuses them. */
  private static final class Log implements TenantLog {

    final List<BatchBytes> batches = new ArrayList<>();
    Optional<Refused> refusal = Optional.empty();
    long start;
    long end;
    int asked;

    List<String> names() {
      return texts(true);
    }

    List<String> values() {
      return texts(false);
    }

    private List<String> texts(boolean ofKeys) {
      var texts = new ArrayList<String>();
      for (var batch : batches) {
        var reader = RecordReader.open(batch, InflationLimit.DEFAULT);
        while (reader.hasNext()) {
          var read = reader.next();
          var bytes = (ofKeys ? read.key() : read.value()).orElseThrow();
          texts.add(StandardCharsets.UTF_8.decode(bytes).toString());
        }
      }
      return texts;
    }

    @Override
    public PartitionId id() {
      return ID;
    }

    @Override
    public LeaderEpoch epoch() {
      return new LeaderEpoch(3);
    }

    @Override
    public long epochStart() {
      return 0;
    }

    @Override
    public Optional<Refused> append(BatchBytes batch) {
      asked++;
      if (refusal.isEmpty()) {
        batches.add(batch);
        end += batch.header().recordCount();
      }
      return refusal;
    }

    @Override
    public long start() {
      return start;
    }

    @Override
    public long end() {
      return end;
    }

    @Override
    public LogView view() {
      throw new AssertionError("Expected to be read by a port");
    }
  }
}
