package dev.naru.broker.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.eventlog.ScribeInput.News;
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
  private Optional<Refused> unreadable = Optional.empty();
  private final ScribePorts ports =
      new ScribePorts(
          () -> journal, asked -> tailsRead++, (partition, why) -> note(why), () -> 5_000);

  @Test
  void writesWhatHappenedAndThenWhatHappens() {
    journal = journal.with(1, events(1, 2));
    var scribe = EventScribe.begin(log, ports, 0);

    scribe.settle();

    assertThat(log.names()).containsExactly("events/1.0", "events/1.1");
    assertThat(scribe.isAtRest()).isTrue();
    journal = journal.with(4, events(4, 1));
    scribe.take(new News());
    assertThat(scribe.isAtRest()).isFalse();
    scribe.settle();
    assertThat(log.names()).containsExactly("events/1.0", "events/1.1", "events/4.0");
    assertThat(tailsRead).isZero();
  }

  @Test
  void goesOnWhereTheLastLeaderEnded() {
    log.end = 7;
    journal = journal.with(1, events(1, 2)).with(2, events(2, 2)).with(3, events(3, 1));
    var scribe = EventScribe.begin(log, ports, 0);

    scribe.settle();
    assertThat(log.names()).as("before it knows").isEmpty();
    scribe.take(new TailRead(new EventId(2, 0)));
    scribe.settle();

    assertThat(tailsRead).isEqualTo(1);
    assertThat(log.names()).containsExactly("events/2.1", "events/3.0");
  }

  @Test
  void saysWhereItDoesNotKnowWhatCameNext() {
    log.end = 7;
    journal = Journal.startingAfter(90).with(91, events(91, 1));
    var scribe = EventScribe.begin(log, ports, 0);

    scribe.take(new TailRead(new EventId(80, 3)));
    scribe.settle();

    assertThat(log.names()).containsExactly("events/90.2147483647", "events/91.0");
    assertThat(log.values().getFirst()).contains("EVENTS_MISSING").contains("80.3");
  }

  @Test
  void triesAgainLaterWhatIsRefused() {
    journal = journal.with(1, events(1, 1));
    log.refusal = Optional.of(TOO_FEW);
    var scribe = EventScribe.begin(log, ports, 0);

    scribe.settle();
    scribe.tick(TimeUnit.MILLISECONDS.toNanos(500));
    assertThat(log.asked).isEqualTo(1);
    assertThat(scribe.isAtRest()).isFalse();
    log.refusal = Optional.empty();
    scribe.tick(TimeUnit.SECONDS.toNanos(1));

    assertThat(log.names()).containsExactly("events/1.0");
  }

  @Test
  void waitsForFollowersThatAreFarBehind() {
    for (int index = 1; index <= 60; index++) {
      journal = journal.with(index, events(index, 100));
    }
    var scribe = EventScribe.begin(log, ports, 0);

    scribe.settle();
    int first = log.names().size();
    scribe.committed(log.end());
    scribe.tick(1);

    assertThat(first).isBetween(5_000, 5_500);
    assertThat(log.names()).hasSize(6_000).doesNotHaveDuplicates();
  }

  @Test
  void writesNothingAfterWhatItCannotRead() {
    log.end = 7;
    journal = journal.with(1, events(1, 1));
    var scribe = EventScribe.begin(log, ports, 0);

    scribe.take(new TailUnreadable(TOO_FEW));
    scribe.tick(1);

    assertThat(log.asked).isZero();
    assertThat(unreadable).contains(TOO_FEW);
    assertThat(scribe.isAtRest()).isTrue();
  }

  @Test
  void theRecordsAreWhatTheCommandPrints() {
    journal = journal.with(3, events(3, 1));
    EventScribe.begin(log, ports, 0).settle();

    assertThat(log.values())
        .containsExactly(
            "{\"name\":\"events/3.0\",\"index\":\"3\",\"ordinal\":0,"
                + "\"createTime\":\"1970-01-01T00:00:01Z\",\"code\":\"ISR_SHRUNK\","
                + "\"level\":\"LEVEL_WARN\",\"resource\":\"topics/orders/partitions/2\",\"message\":\"Nodes"
                + " 3 left the in-sync replicas of orders/2, which are 1,2"
                + " now\",\"cause\":\"NODE_FENCED\",\"causeMessage\":\"node 3 was fenced\","
                + "\"principal\":\"an\\\"n\\u000a\",\"fields\":{\"removed\":\"3\",\"isr\":\"1,2\","
                + "\"cause_node\":\"3\"}}");
  }

  private void note(Refused why) {
    unreadable = Optional.of(why);
  }

  private static List<ClusterEvent> events(long index, int count) {
    return IntStream.range(0, count)
        .mapToObj(ordinal ->
            new ClusterEvent(
                new EventId(index, ordinal),
                1_000,
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
      return 0;
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
