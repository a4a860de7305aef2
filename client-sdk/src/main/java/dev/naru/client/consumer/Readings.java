package dev.naru.client.consumer;

import dev.naru.client.ConsumerConfig;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.Reading;
import dev.naru.types.ErrorCode;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The partitions that a consumer reads, next one first. Owned by the consumer's thread. */
public class Readings {

  /** A poll that returns any record makes room for so many at once: the default of most. */
  private static final int RECORDS_EXPECTED = 500;

  private final ConsumerConfig config;
  private final Map<TopicPartition, Reading> byName = new LinkedHashMap<>();

  /** None yet. */
  public Readings(ConsumerConfig config) {
    this.config = config;
  }

  /** Hears how far each partition was handed out. */
  @FunctionalInterface
  public interface HandedOut {

    /** Everything before the position was handed out. */
    void upTo(Reading reading);
  }

  /** All, next one first. */
  public final Collection<Reading> all() {
    return byName.values();
  }

  /** Which partitions. */
  public final Set<TopicPartition> names() {
    return Collections.unmodifiableSet(new TreeSet<>(byName.keySet()));
  }

  /** The one of this name, if it is read. */
  public final Optional<Reading> find(TopicPartition partition) {
    return Optional.ofNullable(byName.get(partition));
  }

  /** Whether this one is still read, and not another one of its name. */
  public final boolean has(Reading reading) {
    return find(reading.partition()).filter(known -> known == reading).isPresent();
  }

  /**
   * The one of this name.
   *
   * @throws IllegalStateException if it is not read
   */
  public final Reading of(TopicPartition partition) {
    return find(partition)
        .orElseThrow(() ->
            new IllegalStateException(
                "Expected one of "
                    + byName.keySet()
                    + ", which are assigned, but was "
                    + partition));
  }

  /**
   * Reads one more, from where {@code auto.offset.reset} says unless it is sent elsewhere.
   *
   * @param granted of which topic, if a group says so
   */
  public Reading begin(TopicPartition partition, Optional<TopicId> granted) {
    var reading = new Reading(partition, reset(), granted, config.checksCrcs());
    if (config.autoOffsetReset() == OffsetReset.NONE) {
      reading.fail(
          new NaruException(
              ErrorCode.OFFSET_OUT_OF_RANGE,
              "Expected a position in "
                  + partition
                  + ", but there is none; seek, or set auto.offset.reset"));
    }
    byName.put(partition, reading);
    return reading;
  }

  /** Where {@code auto.offset.reset} has reading begin; the end, if it says nothing. */
  protected final Position reset() {
    return config.autoOffsetReset() == OffsetReset.EARLIEST ? Position.beginning() : Position.end();
  }

  /** Reads one no more. */
  public void drop(TopicPartition partition) {
    byName.remove(partition);
  }

  /** Throws why one of them cannot go on, if one cannot. */
  public final void throwFailure() {
    for (var reading : byName.values()) {
      var failure = reading.failure();
      if (failure.isPresent()) {
        throw failure.get();
      }
    }
  }

  /**
   * Serves one partition after the other; whoever was served goes to the end of the line. What
   * holds no records, such as a batch of which compaction left none, counts as handed out when it
   * is passed: else a group would never be said to have come to the end behind it.
   */
  public final <K, V> List<ConsumerRecord<K, V>> drain(
      RecordDecoder<K, V> decoder, HandedOut handedOut) {
    var records = new ArrayList<ConsumerRecord<K, V>>();
    var served = new ArrayList<Reading>();
    for (var reading : byName.values()) {
      int room = config.maxPollRecords() - records.size();
      if (room == 0) {
        break;
      }
      if (reading.fetchedBytes() > 0) {
        records.ensureCapacity(Math.min(config.maxPollRecords(), RECORDS_EXPECTED));
        var partition = reading.partition();
        var before = reading.position();
        if (reading.drain(room, record -> records.add(decoder.decode(partition, record))) > 0) {
          served.add(reading);
        } else if (!reading.position().equals(before)) {
          handedOut.upTo(reading);
        }
      }
    }
    for (var reading : served) {
      byName.remove(reading.partition());
      byName.put(reading.partition(), reading);
      handedOut.upTo(reading);
    }
    return records;
  }

  /** How far all are behind the ends last seen, as far as that is known. */
  final long lagInSum() {
    long sum = 0;
    for (var reading : byName.values()) {
      sum += reading.lag().orElse(0);
    }
    return sum;
  }

  /** Whether each has a stop and has reached it, and there is one. */
  public final boolean areAllAtStop() {
    for (var reading : byName.values()) {
      if (!reading.isAtStop()) {
        return false;
      }
    }
    return !byName.isEmpty();
  }

  /** Those that are paused. */
  public final Set<TopicPartition> paused() {
    var paused = new TreeSet<TopicPartition>();
    byName.values().stream()
        .filter(Reading::isPaused)
        .forEach(reading -> paused.add(reading.partition()));
    return paused;
  }
}
