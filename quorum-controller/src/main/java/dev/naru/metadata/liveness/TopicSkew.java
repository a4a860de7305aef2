package dev.naru.metadata.liveness;

/**
 * How unevenly a topic is written.
 *
 * @param ratio what its busiest partition gets, to the mean of all of them; 1 is even
 * @param busiestPartition its number
 */
public record TopicSkew(String topic, double ratio, int busiestPartition) {}
