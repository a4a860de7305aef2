package dev.naru.client.core;

import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that the thread that polls needs to know of the group: a later one replaces an earlier one
 * that it has not seen yet.
 *
 * @param incarnation rises each time that everything is lost: what was granted in an earlier one is
 *     not this member's any more, whatever is granted now
 * @param epoch the group's when it was told
 * @param grants all that the member may read
 * @param failure why it has nothing and will be given nothing, until the application subscribes
 *     anew
 */
public record Told(
    int incarnation, int epoch, SortedMap<PartitionId, Grant> grants, Optional<Refused> failure) {

  /** Keeps its own map. */
  public Told {
    grants = Collections.unmodifiableSortedMap(new TreeMap<>(grants));
  }

  /** Nothing is this member's. */
  public static Told nothing(int incarnation) {
    return new Told(incarnation, 0, new TreeMap<>(), Optional.empty());
  }

  /** Nothing is this member's, nor will it be. */
  public static Told failed(int incarnation, Refused why) {
    return new Told(incarnation, 0, new TreeMap<>(), Optional.of(why));
  }
}
