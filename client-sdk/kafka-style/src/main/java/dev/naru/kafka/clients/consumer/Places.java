package dev.naru.kafka.clients.consumer;

import dev.naru.kafka.clients.Translation;
import dev.naru.kafka.common.TopicPartition;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Positions by Kafka's names and by Naru's. */
final class Places {

  private Places() {}

  static dev.naru.client.consumer.OffsetAndMetadata naru(OffsetAndMetadata place) {
    return new dev.naru.client.consumer.OffsetAndMetadata(
        place.offset(),
        place.leaderEpoch().map(OptionalInt::of).orElse(OptionalInt.empty()),
        place.metadata());
  }

  static Map<dev.naru.client.TopicPartition, dev.naru.client.consumer.OffsetAndMetadata> naru(
      Map<TopicPartition, OffsetAndMetadata> places) {
    var all =
        new HashMap<dev.naru.client.TopicPartition, dev.naru.client.consumer.OffsetAndMetadata>();
    places.forEach((partition, place) -> all.put(Translation.naru(partition), naru(place)));
    return all;
  }

  static OffsetAndMetadata kafka(dev.naru.client.consumer.OffsetAndMetadata place) {
    var epoch = place.leaderEpoch();
    return new OffsetAndMetadata(
        place.offset(),
        epoch.isPresent() ? Optional.of(epoch.getAsInt()) : Optional.empty(),
        place.metadata());
  }

  static Map<TopicPartition, OffsetAndMetadata> kafka(
      Map<dev.naru.client.TopicPartition, dev.naru.client.consumer.OffsetAndMetadata> places) {
    var all = new HashMap<TopicPartition, OffsetAndMetadata>();
    places.forEach((partition, place) -> all.put(Translation.kafka(partition), kafka(place)));
    return all;
  }

  /** With null for those that have none. */
  static Map<TopicPartition, @Nullable OffsetAndMetadata> kafka(
      Collection<TopicPartition> asked,
      Map<dev.naru.client.TopicPartition, dev.naru.client.consumer.OffsetAndMetadata> found) {
    var all = new HashMap<TopicPartition, @Nullable OffsetAndMetadata>();
    asked.forEach(partition -> all.put(partition, null));
    all.putAll(kafka(found));
    return all;
  }

  static Map<TopicPartition, Long> offsets(Map<dev.naru.client.TopicPartition, Long> offsets) {
    var all = new HashMap<TopicPartition, Long>();
    offsets.forEach((partition, offset) -> all.put(Translation.kafka(partition), offset));
    return all;
  }
}
