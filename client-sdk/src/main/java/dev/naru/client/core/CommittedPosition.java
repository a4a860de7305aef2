package dev.naru.client.core;

import dev.naru.types.LeaderEpoch;
import java.util.Optional;

/**
 * Where a group goes on with a partition.
 *
 * @param offset of the next record
 * @param epoch the leader epoch of the record before it, if whoever committed knew it
 * @param metadata the application's own words
 */
public record CommittedPosition(long offset, Optional<LeaderEpoch> epoch, String metadata) {}
