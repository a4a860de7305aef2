package dev.naru.broker.flow;

import dev.naru.types.PartitionId;

/**
 * What producers send to one partition.
 *
 * @param recent over half a minute: what is compared, so that a minute after a cure nothing is left
 *     of the illness
 */
public record PartitionLoad(PartitionId id, Rate recent, Rate minute, Rate fiveMinutes) {}
