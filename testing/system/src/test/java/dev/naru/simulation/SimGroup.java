package dev.naru.simulation;

import dev.naru.types.PartitionId;

/**
 * A consumer group.
 *
 * @param log where it is kept
 * @param readsFromStart what its members do where nothing is committed; else they begin at the end
 * @param isStatic whether its members have instance ids
 */
record SimGroup(
    String name, PartitionId log, boolean readsFromStart, boolean isStatic, String assignor) {}
