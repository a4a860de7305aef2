package dev.naru.metadata.liveness;

import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;

/**
 * What does your replica of this partition hold? Answered only by a node whose own image has
 * exactly this entry, as nothing changes the log then.
 */
public record LogQuestion(PartitionId partition, PartitionEpoch partitionEpoch) {}
