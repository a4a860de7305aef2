package dev.naru.broker.coordinator;

import java.util.function.LongSupplier;

/**
 * The outside world of the shards of a node.
 *
 * @param wallMillis for the times that are written down
 * @param trustedMillis for what is old enough to be forgotten: never after the true time
 */
public record ShardPorts(
    GroupLogFormat format,
    GroupWork work,
    Topics topics,
    Standing standing,
    ShardNotices notices,
    LongSupplier wallMillis,
    LongSupplier trustedMillis) {}
