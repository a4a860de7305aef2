package dev.naru.client.mock;

import dev.naru.client.ConsumerConfig;
import dev.naru.client.DataLossException;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetOutOfRangeException;
import dev.naru.client.OffsetReset;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.OffsetAndTime;
import dev.naru.client.consumer.Readings;
import dev.naru.client.core.Reading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ObjLongConsumer;

/** Real readings, which are fed from logs in memory. Owned by the consumer's thread. */
final class MockReadings extends Readings {

  private final MockCluster cluster;
  private final ConsumerConfig config;

  MockReadings(MockCluster cluster, ConsumerConfig config) {
    super(config);
    this.cluster = cluster;
    this.config = config;
  }

  /** Settles what is sought. */
  void settle() {
    for (var reading : all()) {
      var target = reading.target();
      if (target.isPresent() && reading.failure().isEmpty() && !reading.isHeldBack()) {
        settle(reading, target.get());
      }
    }
  }

  private void settle(Reading reading, Position target) {
    try {
      reading.settle(offsetOf(reading.partition(), target));
    } catch (NaruException e) {
      reading.fail(e);
    }
  }

  /** The offset of a place, now. */
  long offsetOf(TopicPartition partition, Position place) {
    if (place instanceof Position.Offset known) {
      return known.offset();
    }
    if (place instanceof Position.Beginning) {
      return cluster.ask(partition, MockLog::start);
    }
    return place instanceof Position.Time time
        ? firstSince(partition, time.time())
            .map(OffsetAndTime::offset)
            .orElseGet(() -> cluster.ask(partition, MockLog::end))
        : cluster.ask(partition, MockLog::end);
  }

  /** The first record at or after a time. */
  Optional<OffsetAndTime> firstSince(TopicPartition partition, Instant time) {
    var found = new ArrayList<OffsetAndTime>(1);
    var look = new Reading(partition, Position.beginning(), Optional.empty(), false);
    cluster.withLog(
        partition,
        log -> {
          look.settle(log.start());
          look.fetched(log.read(log.start(), Integer.MAX_VALUE));
        });
    look.drain(
        Integer.MAX_VALUE,
        record -> {
          if (found.isEmpty() && record.timestamp() >= time.toEpochMilli()) {
            found.add(new OffsetAndTime(record.offset(), Instant.ofEpochMilli(record.timestamp())));
          }
        });
    return found.stream().findFirst();
  }

  /**
   * Fetches for all that have nothing; tells of those that begin anew because what followed their
   * position is gone.
   */
  void fetch(ObjLongConsumer<Reading> passedOver) {
    for (var reading : List.copyOf(all())) {
      if (reading.wantsFetch(1)) {
        fetch(reading, passedOver);
      }
    }
  }

  private void fetch(Reading reading, ObjLongConsumer<Reading> passedOver) {
    try {
      cluster.withLog(reading.partition(), log -> fetch(reading, log, passedOver));
    } catch (NaruException e) {
      reading.fail(e); // a topic that is not there
    }
  }

  private void fetch(Reading reading, MockLog log, ObjLongConsumer<Reading> passedOver) {
    long offset = reading.fetchOffset();
    var cut = log.cutBefore(offset, reading.fetchEpoch());
    if (cut.isPresent()) {
      reading.cut(cut.get());
      reading.fail(new DataLossException(reading.partition(), offset, cut.get().from()));
    } else if (offset >= log.start() && offset <= log.end()) {
      reading.highWatermark(log.end());
      reading.fetched(log.read(offset, config.maxPartitionFetchBytes()));
    } else if (config.autoOffsetReset() == OffsetReset.NONE) {
      reading.fail(
          new OffsetOutOfRangeException(reading.partition(), offset, log.start(), log.end()));
    } else {
      reading.seek(reset());
      passedOver.accept(reading, offset);
    }
  }
}
