package dev.naru.client.consumer;

import dev.naru.client.TopicPartition;
import dev.naru.client.core.Reading;
import dev.naru.types.LeaderEpoch;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds places that no leader can serve: they were committed or sought with the epoch of a leader
 * that this cluster never had, as when they come from another one. A leader that is behind refuses
 * them alike, for a moment, so it takes a while until that is said, once for each place. Owned by
 * the consumer's thread.
 */
final class StrandedPlaces {

  /** Longer than a leader is behind, or an election takes. */
  static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

  private final Map<TopicPartition, Stranded> stranded = new HashMap<>(); // of those that are read

  private record Stranded(LeaderEpoch place, long sinceNanos, boolean isTold) {}

  /**
   * A leader refused the place because of its epoch.
   *
   * @param leader the newest epoch that is known of the partition's leaders
   * @return what the application should hear now; empty: nothing, or nothing more
   */
  Optional<String> refused(Reading reading, LeaderEpoch leader, long nowNanos) {
    var place = reading.fetchEpoch().filter(leader::isBefore);
    if (place.isEmpty()) {
      served(reading);
      return Optional.empty();
    }
    var known =
        Optional.ofNullable(stranded.get(reading.partition()))
            .filter(each -> each.place.equals(place.get()))
            .orElseGet(() -> new Stranded(place.get(), nowNanos, false));
    boolean isToTell = !known.isTold && nowNanos - known.sinceNanos >= PATIENCE_NANOS;
    stranded.put(
        reading.partition(), new Stranded(known.place, known.sinceNanos, known.isTold || isToTell));
    return isToTell
        ? Optional.of(
            "Expected a leader of %s of epoch %s or later, as place %s says, but the newest has epoch %s: nothing is read until then; give a place of another cluster without its epoch"
                .formatted(reading.partition(), known.place, reading.fetchOffset(), leader))
        : Optional.empty();
  }

  /** The partition is read, or read no more. */
  void served(Reading reading) {
    stranded.remove(reading.partition());
  }
}
