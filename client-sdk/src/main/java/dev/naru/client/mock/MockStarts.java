package dev.naru.client.mock;

import dev.naru.client.ConsumerConfig;
import dev.naru.client.OffsetReset;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.OffsetAndMetadata;
import dev.naru.client.consumer.Places;
import dev.naru.client.core.Processed.Place;
import dev.naru.client.core.Reading;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Where the partitions of a consumer in memory begin: where its group was, or else where {@code
 * auto.offset.reset} says, which is committed at once. Owned by the consumer's thread.
 */
final class MockStarts {

  private final ConsumerConfig config;
  private final MockProgress progress;
  private final TreeMap<TopicPartition, Start> open = new TreeMap<>();

  MockStarts(ConsumerConfig config, MockProgress progress) {
    this.config = config;
    this.progress = progress;
  }

  /** Hears that reading has gone on elsewhere. */
  @FunctionalInterface
  interface PassedOver {
    void records(TopicPartition partition, long from, long to);
  }

  /**
   * A reading whose offset is not known yet.
   *
   * @param isAnchored whether the group commits the offset as soon as it is known
   * @param passedOverFrom where reading was, if what followed is gone
   */
  private record Start(Reading reading, boolean isAnchored, OptionalLong passedOverFrom) {}

  /**
   * A partition was granted or assigned.
   *
   * @param isFromStart whether it is younger than the group's interest in it
   */
  void begin(Reading reading, boolean isFromStart) {
    var partition = reading.partition();
    Optional<OffsetAndMetadata> committed = progress.committed(partition);
    if (committed.isPresent()) {
      var place = Places.of(committed.get());
      reading.resume(Optional.empty(), place.offset(), place.epoch());
      progress.processed().begin(partition, place, true);
    } else if (isFromStart) {
      reading.seek(Position.beginning());
      open.put(partition, new Start(reading, true, OptionalLong.empty()));
    } else if (config.autoOffsetReset() != OffsetReset.NONE) {
      open.put(partition, new Start(reading, true, OptionalLong.empty()));
    }
  }

  /** The application goes on at this offset. */
  void sought(TopicPartition partition, Place to) {
    if (open.remove(partition) == null && progress.processed().handedOut().containsKey(partition)) {
      progress.processed().sought(partition, to);
    } else {
      progress.processed().begin(partition, to, false);
    }
  }

  /** Records from here on were handed out, and come again. */
  void putBack(TopicPartition partition, Place from) {
    open.remove(partition);
    if (progress.processed().has(partition)) {
      progress.processed().putBack(partition, from);
    } else {
      progress.processed().begin(partition, from, false);
    }
  }

  /** The application goes on at a place whose offset is not known yet: nothing is committed. */
  void sought(Reading reading) {
    progress.processed().drop(reading.partition());
    open.put(reading.partition(), new Start(reading, false, OptionalLong.empty()));
  }

  void passesOver(Reading reading, long from) {
    open.put(reading.partition(), new Start(reading, false, OptionalLong.of(from)));
  }

  void drop(TopicPartition partition) {
    open.remove(partition);
    progress.processed().drop(partition);
  }

  /** Goes on with what is settled by now. */
  void run(PassedOver passedOver) {
    var anchors = new TreeMap<TopicPartition, Place>();
    for (var start : new TreeMap<>(open).entrySet()) {
      var partition = start.getKey();
      var offset = start.getValue().reading.position();
      if (offset.isEmpty()) {
        continue;
      }
      open.remove(partition);
      var place = new Place(offset.getAsLong(), Optional.empty());
      progress.processed().begin(partition, place, false);
      if (start.getValue().isAnchored) {
        anchors.put(partition, place);
      }
      start
          .getValue()
          .passedOverFrom
          .ifPresent(from -> passedOver.records(partition, from, place.offset()));
    }
    if (!anchors.isEmpty()) {
      progress.commit(anchors);
    }
  }
}
