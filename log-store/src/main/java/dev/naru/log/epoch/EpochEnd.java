package dev.naru.log.epoch;

import dev.naru.types.LeaderEpoch;

/** The offset at which a leader epoch ends in some log, exclusive. */
public record EpochEnd(LeaderEpoch epoch, long endOffset) {}
