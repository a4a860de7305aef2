package dev.naru.kafka.clients.consumer;

/**
 * A name for {@code partition.assignment.strategy}: stands for {@code sticky} in groups of the
 * classic protocol; in others the cluster shares out.
 */
public final class StickyAssignor {

  private StickyAssignor() {}
}
