package dev.naru.metadata.command;

import dev.naru.metadata.image.LogEnd;
import dev.naru.types.PartitionId;
import java.util.UUID;

/**
 * What a node found of one partition when it recovered. A node also reports the empty log of a
 * partition that it never wrote to.
 *
 * @param directory where the log lies
 * @param durablePoint the durable end that was recorded before the restart; the log must reach it
 * @param damaged bytes below the durable point are bad, missing or misplaced
 */
public record LogReport(
    PartitionId partition, UUID directory, LogEnd log, long durablePoint, boolean damaged) {}
