package dev.naru.metadata.image;

import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;

/**
 * One node's copy of a partition.
 *
 * @param assignedAt the partition epoch at which the node got it: a replica that was removed and
 *     added again is another replica, which starts from nothing
 */
public record Replica(NodeId node, PartitionEpoch assignedAt) {}
