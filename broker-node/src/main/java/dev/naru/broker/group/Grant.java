package dev.naru.broker.group;

import dev.naru.types.PartitionId;
import java.util.Optional;

/**
 * A partition that a member may read, and from where.
 *
 * @param grantedEpoch when it was handed out: another number is another grant of the same one
 * @param committed where the group left off, without the application's note
 * @param isFromStart nothing was committed, and the partition is younger than the group's interest
 *     in its topic: whatever the application wants where nothing was committed, it must not skip
 *     the first records of a partition that was added while it read the others
 */
public record Grant(
    PartitionId partition, int grantedEpoch, Optional<Committed> committed, boolean isFromStart) {}
