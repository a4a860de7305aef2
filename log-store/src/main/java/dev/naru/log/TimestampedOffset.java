package dev.naru.log;

import dev.naru.types.LeaderEpoch;

/**
 * The answer to a question by time: a record, when it says it was made, and the epoch that wrote
 * it.
 */
public record TimestampedOffset(long offset, long timestampMillis, LeaderEpoch epoch) {}
