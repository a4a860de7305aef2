package dev.naru.simulation.invariant;

import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;

/**
 * Who coordinates the groups of a partition.
 *
 * @param epochStart where the log ended when it began to lead
 * @param loadedTo how far it has read that log
 */
public record Coordinator(NodeId node, PartitionId partition, long epochStart, long loadedTo) {}
