package dev.naru.client.consumer;

import dev.naru.client.ClientConfig;
import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.Reading;
import dev.naru.client.core.TopicView;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.MetadataCalls.Kind;
import dev.naru.client.transport.OffsetLookup;
import dev.naru.client.transport.OffsetLookup.Offset;
import dev.naru.client.transport.OffsetLookup.Wanted;
import dev.naru.client.transport.Router;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * Turns places into offsets: in the background for polls, at once for calls that need the answer.
 * Owned by the consumer's thread.
 */
final class Seeks {

  /** Beyond the limit that a look-up keeps itself, in case its client was closed meanwhile. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final OffsetLookup offsets;
  private final Router router;
  private final Inbox inbox;
  private final ClientLoop loop;
  private final Duration limit;
  private final Map<TopicPartition, Integer> underWay = new TreeMap<>(); // with its generation

  Seeks(OffsetLookup offsets, Router router, Inbox inbox, ClientLoop loop, ClientConfig config) {
    this.offsets = offsets;
    this.router = router;
    this.inbox = inbox;
    this.loop = loop;
    this.limit = config.requestTimeout();
  }

  /** Looks up what is sought, a topic at a time: so one that is missing fails alone. */
  void begin(Collection<Reading> readings) {
    for (var reading : readings) {
      if (isNewlySought(reading)) {
        beginAll(readings);
        return;
      }
    }
  }

  private boolean isNewlySought(Reading reading) {
    return reading.target().isPresent()
        && reading.whyNowhere().isEmpty() // also while it is paused: else a place would be chosen
        && !reading.isHeldBack()
        && !Integer.valueOf(reading.generation()).equals(underWay.get(reading.partition()));
  }

  private void beginAll(Collection<Reading> readings) {
    var byTopic = new TreeMap<String, SortedMap<TopicPartition, Reading>>();
    for (var reading : readings) {
      if (isNewlySought(reading)) {
        byTopic
            .computeIfAbsent(reading.partition().topic(), topic -> new TreeMap<>())
            .put(reading.partition(), reading);
      }
    }
    byTopic.values().forEach(this::find);
  }

  private void find(SortedMap<TopicPartition, Reading> readings) {
    var wanted = new TreeMap<TopicPartition, Wanted>();
    readings.forEach((partition, reading) -> {
      var target = reading.target().orElseThrow();
      if (target instanceof Position.Offset known) {
        reading.settle(known.offset());
      } else {
        underWay.put(partition, reading.generation());
        wanted.put(partition, wanted(target));
      }
    });
    if (wanted.isEmpty()) {
      return;
    }
    var generations = new TreeMap<TopicPartition, Integer>();
    readings.forEach((partition, reading) -> generations.put(partition, reading.generation()));
    loop.whenDone(
        offsets.find(wanted),
        found -> inbox.put(() -> settle(readings, generations, found)),
        failure -> inbox.put(() -> fail(readings, generations, failure)));
  }

  private void settle(
      Map<TopicPartition, Reading> readings,
      Map<TopicPartition, Integer> generations,
      Map<TopicPartition, Offset> found) {
    found.forEach((partition, offset) -> {
      var reading = readings.get(partition);
      if (reading != null && isStillSought(reading, generations)) {
        underWay.remove(partition);
        offset
            .offset()
            .ifPresentOrElse(
                reading::settle, () -> reading.seek(Position.end())); // no record so young
      }
    });
  }

  private void fail(
      Map<TopicPartition, Reading> readings,
      Map<TopicPartition, Integer> generations,
      NaruException failure) {
    for (var reading : readings.values()) {
      if (isStillSought(reading, generations)) {
        underWay.remove(reading.partition());
        if (!failure.isRetriable() && !isOfOldView(reading, failure)) {
          reading.fail(failure);
        }
      }
    }
  }

  /** The group knows of the partition, so the nodes that were asked will, or it takes it back. */
  private static boolean isOfOldView(Reading reading, NaruException failure) {
    return reading.isGranted()
        && (failure.code() == ErrorCode.PARTITION_NOT_FOUND
            || failure.code() == ErrorCode.TOPIC_NOT_FOUND);
  }

  private static boolean isStillSought(Reading reading, Map<TopicPartition, Integer> generations) {
    return reading.target().isPresent()
        && Integer.valueOf(reading.generation()).equals(generations.get(reading.partition()));
  }

  private static Wanted wanted(Position position) {
    if (position instanceof Position.Time time) {
      return new Wanted(Kind.TIME, time.time().toEpochMilli());
    }
    return Wanted.of(position instanceof Position.Beginning ? Kind.EARLIEST : Kind.LATEST);
  }

  /** The offset of a place, now. */
  long await(TopicPartition partition, Position position) {
    if (position instanceof Position.Offset known) {
      return known.offset();
    }
    var found = await(Map.of(partition, wanted(position))).get(partition);
    return found != null && found.offset().isPresent()
        ? found.offset().getAsLong()
        : await(partition, Position.end()); // no record is so young
  }

  /** One end of each log, now. */
  SortedMap<TopicPartition, Long> awaitEnds(Collection<TopicPartition> partitions, Kind kind) {
    var wanted = new TreeMap<TopicPartition, Wanted>();
    partitions.forEach(partition -> wanted.put(partition, Wanted.of(kind)));
    var ends = new TreeMap<TopicPartition, Long>();
    await(wanted).forEach((partition, found) -> ends.put(partition, found.offset().orElseThrow()));
    return ends;
  }

  /** The first record of each at or after a time, now; without those that have none. */
  SortedMap<TopicPartition, OffsetAndTime> awaitTimes(Map<TopicPartition, Instant> times) {
    var wanted = new TreeMap<TopicPartition, Wanted>();
    times.forEach(
        (partition, time) -> wanted.put(partition, new Wanted(Kind.TIME, time.toEpochMilli())));
    var records = new TreeMap<TopicPartition, OffsetAndTime>();
    await(wanted)
        .forEach((partition, found) ->
            found
                .offset()
                .ifPresent(offset ->
                    records.put(
                        partition,
                        new OffsetAndTime(
                            offset, Instant.ofEpochMilli(found.timestampMillis().orElseThrow())))));
    return records;
  }

  private SortedMap<TopicPartition, Offset> await(Map<TopicPartition, Wanted> wanted) {
    return await(offsets.find(wanted), "offsets of " + wanted.keySet());
  }

  /** The topic, now. */
  TopicView awaitTopic(String name) {
    return await(router.topic(name, limit.toNanos()), "metadata of " + name);
  }

  private <T> T await(CompletableFuture<T> future, String what) {
    try {
      return future.get(limit.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof NaruException known
          ? known
          : new NaruException(
              ErrorCode.INTERNAL, "Expected " + what + ", but " + e.getCause(), Map.of(), e);
    } catch (TimeoutException e) {
      throw new NaruTimeoutException(
          ErrorCode.REQUEST_TIMEOUT, "Expected " + what + ", but the client is closed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NaruTimeoutException(
          ErrorCode.REQUEST_TIMEOUT, "Expected " + what + ", but the thread was interrupted");
    }
  }

  /** Forgets a partition that is no longer read. */
  void forget(TopicPartition partition) {
    underWay.remove(partition);
  }

  /** The partitions of a topic, by name. */
  List<TopicPartition> awaitPartitions(String topic) {
    int count = awaitTopic(topic).partitionCount();
    return IntStream.range(0, count)
        .mapToObj(partition -> new TopicPartition(topic, partition))
        .toList();
  }
}
