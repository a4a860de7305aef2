package dev.naru.client.consumer;

import dev.naru.client.TopicPartition;
import dev.naru.client.core.Processed.Place;
import dev.naru.types.LeaderEpoch;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** Places between records, as applications write them. */
public final class Places {

  private Places() {}

  /** The place that an application means. */
  public static Place of(OffsetAndMetadata offset) {
    return new Place(
        offset.offset(),
        offset.leaderEpoch().isPresent()
            ? Optional.of(new LeaderEpoch(offset.leaderEpoch().getAsInt()))
            : Optional.empty());
  }

  /** These places, without anything to find again. */
  public static SortedMap<TopicPartition, OffsetAndMetadata> written(
      SortedMap<TopicPartition, Place> places) {
    var offsets = new TreeMap<TopicPartition, OffsetAndMetadata>();
    places.forEach((partition, place) ->
        offsets.put(partition, new OffsetAndMetadata(place.offset(), written(place.epoch()), "")));
    return offsets;
  }

  /** The same epoch. */
  public static OptionalInt written(Optional<LeaderEpoch> epoch) {
    return epoch.map(known -> OptionalInt.of(known.value())).orElse(OptionalInt.empty());
  }
}
