package dev.naru.simulation.invariant;

import java.util.OptionalLong;

/**
 * What a member was told of a partition that it may read.
 *
 * @param epoch of the grant
 * @param committed where the group left off, as it was told
 * @param isFromStart what it was told for the case that nothing is committed
 */
public record Granted(int epoch, OptionalLong committed, boolean isFromStart) {}
