package dev.naru.broker.rpc;

import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers what was refused before it reached a partition, so that the rest of the same attempt is
 * refused too: a batch that got through behind a refused one would stand before it in the log. What
 * reaches a partition is refused there by the same rule. Owned by the stream's event loop.
 */
final class RefusedAttempts {

  /** More partitions than a client of good will has trouble with at once. */
  static final int PARTITIONS_MAX = 10_000;

  private record Attempt(long number, Refused why) {}

  private final Map<PartitionId, Attempt> newest = new HashMap<>();

  /** Why this attempt was refused earlier, if it was. A higher one makes the entry obsolete. */
  Optional<Refused> of(PartitionId partition, long attempt) {
    var refused = Optional.ofNullable(newest.get(partition));
    if (refused.isPresent() && refused.get().number() < attempt) {
      newest.remove(partition);
      return Optional.empty();
    }
    return refused.map(Attempt::why);
  }

  /** Remembers; false when there is no room for another partition. */
  boolean add(PartitionId partition, long attempt, Refused why) {
    if (newest.size() >= PARTITIONS_MAX && !newest.containsKey(partition)) {
      return false;
    }
    newest.put(partition, new Attempt(attempt, why));
    return true;
  }
}
