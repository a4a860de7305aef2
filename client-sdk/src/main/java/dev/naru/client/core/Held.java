package dev.naru.client.core;

import dev.naru.types.PartitionId;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Of what a member was told up to this epoch of the group, it holds exactly these.
 *
 * @param incarnation the {@link Told#incarnation()} that it speaks of
 */
public record Held(int incarnation, int epoch, SortedSet<PartitionId> partitions) {

  /** Keeps its own set. */
  public Held {
    partitions = Collections.unmodifiableSortedSet(new TreeSet<>(partitions));
  }

  static Held nothing(int incarnation, int epoch) {
    return new Held(incarnation, epoch, new TreeSet<>());
  }
}
