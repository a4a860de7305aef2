package dev.naru.client.core;

import dev.naru.client.TopicPartition;
import dev.naru.types.PartitionId;
import java.util.Optional;

/**
 * A partition that a member of a group may read.
 *
 * @param name under which the application knows it
 * @param epoch the group's when it was granted: granted anew, it has another one
 * @param committed where the group was, if it has ever committed here
 * @param isFromStart whether it is read from its start where nothing was committed, because it is
 *     younger than the group's interest in its topic
 */
public record Grant(
    PartitionId id,
    TopicPartition name,
    int epoch,
    Optional<CommittedPosition> committed,
    boolean isFromStart) {}
