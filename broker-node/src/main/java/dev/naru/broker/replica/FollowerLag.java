package dev.naru.broker.replica;

import dev.naru.types.NodeId;

/**
 * How far a follower is behind its leader.
 *
 * @param records offsets that the leader has and the follower, as far as is known, has not
 * @param nanos for how long at least the leader has had the first of them; counted up to the
 *     allowed lag
 */
public record FollowerLag(NodeId follower, long records, long nanos) {}
