package dev.naru.broker.eventlog;

import dev.naru.broker.eventlog.ScribeInput.News;
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

/** A log of events, what is known of events, and whatever else a scribe has to do with. */
abstract class ScribeScene {

  static final PartitionId ID = new PartitionId(TopicId.of(1, 2), 0);
  static final Refused TOO_FEW = new Refused(ErrorCode.NOT_ENOUGH_REPLICAS, "Expected more");

  Journal journal = Journal.EMPTY;
  final Log log = new Log();
  int tailsRead;
  int turnsWanted;
  long wallMillis = 5_000;
  Optional<Refused> unreadable = Optional.empty();
  final List<Refused> refusals = new ArrayList<>();
  final List<EventId> unwritable = new ArrayList<>();
  final ScribePorts ports =
      new ScribePorts(
          () -> journal,
          asked -> tailsRead++,
          asked -> turnsWanted++,
          new Told(),
          () -> wallMillis);

  /** What a loop does at the end of a turn, until nobody wants another one. */
  void settle(EventScribe scribe) {
    scribe.settle();
    while (turnsWanted > 0) {
      turnsWanted--;
      scribe.take(new News());
      scribe.settle();
    }
  }

  void tick(EventScribe scribe, long seconds) {
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

  static List<ClusterEvent> events(long index, int count) {
    return events(index, count, 1_000);
  }

  static List<ClusterEvent> events(long index, int count, long atMillis) {
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
  static final class Log implements TenantLog {

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
