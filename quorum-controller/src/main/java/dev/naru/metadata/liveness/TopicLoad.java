package dev.naru.metadata.liveness;

import dev.naru.types.TopicId;

/**
 * What producers send to one topic's partitions on one node, over half a minute.
 *
 * @param partitionsLed how many of its partitions the node leads
 * @param bytesPerSecond of all of these
 * @param busiestBytesPerSecond of the busiest one
 * @param busiestPartition its number
 */
public record TopicLoad(
    TopicId topic,
    int partitionsLed,
    long bytesPerSecond,
    long busiestBytesPerSecond,
    int busiestPartition) {

  /** Most topics in one report of a node: the busiest ones, which are where skew hurts. */
  public static final int TOPICS_MAX = 100;
}
