package dev.naru.metadata.command;

import dev.naru.types.TopicId;

/**
 * Gives a topic more partitions. It names how many there are to be, so that it does no harm when it
 * is sent twice.
 *
 * @param total of all partitions, those that the topic has included
 * @param placementSeed drawn by the submitter: where the placement begins
 */
public record AddPartitions(TopicId topic, int total, long placementSeed)
    implements MetadataCommand {}
