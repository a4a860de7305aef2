package dev.naru.bench.versus.cluster;

/**
 * What a cluster is like.
 *
 * @param nodes one, or three with three copies of each partition, of which two must be in sync
 * @param isDurable whether an acknowledged record is on the disk: Kafka forces each batch, Naru has
 *     {@code flush=quorum}; else both leave it to the page cache
 */
public record ClusterShape(int nodes, boolean isDurable) {

  /** Copies that must be in sync. */
  public int insyncMin() {
    return nodes == 1 ? 1 : 2;
  }
}
