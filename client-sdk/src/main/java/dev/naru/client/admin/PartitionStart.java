package dev.naru.client.admin;

import dev.naru.client.TopicPartition;

/**
 * Where a partition begins after it was truncated, or would begin.
 *
 * @param oldStart its first offset before
 * @param start its first offset from now on
 */
public record PartitionStart(TopicPartition partition, long oldStart, long start) {}
