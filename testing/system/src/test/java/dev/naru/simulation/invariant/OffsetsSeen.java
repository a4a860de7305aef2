package dev.naru.simulation.invariant;

import dev.naru.types.PartitionId;
import java.util.Map;

/**
 * The answer to a question for what a group has committed.
 *
 * @param atLeast of each partition, how many commits had been acknowledged, or were before one that
 *     had, when it was asked
 * @param notes of the commits that were found
 */
public record OffsetsSeen(
    String group, Map<PartitionId, Integer> atLeast, Map<PartitionId, String> notes) {}
