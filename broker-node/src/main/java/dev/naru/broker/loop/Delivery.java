package dev.naru.broker.loop;

import dev.naru.broker.partition.Partition;
import dev.naru.broker.partition.PartitionInput;

/**
 * An input on its way to a partition.
 *
 * @param taken runs after the partition has dealt with it
 */
record Delivery(PartitionSeat to, PartitionInput input, Runnable taken) implements LoopItem {

  static final Runnable NOTHING = () -> {};

  /** A partition whose log is open takes its place. */
  record Occupation(PartitionSeat to, Partition partition) implements LoopItem {}

  /** A partition whose log cannot be opened will not take its place. */
  record Abandonment(PartitionSeat to) implements LoopItem {}
}
