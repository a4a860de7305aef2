package dev.naru.client.admin;

import dev.naru.client.TopicPartition;

/**
 * What producers send to one partition.
 *
 * @param node the one that leads it, and says so
 * @param minute over the last minute, or since it leads
 * @param fiveMinutes over the last five minutes, or since it leads
 */
public record PartitionLoad(
    TopicPartition partition, int node, TrafficRate minute, TrafficRate fiveMinutes) {}
