package dev.naru.log;

/**
 * What a pass of compaction is given by whoever starts it.
 *
 * @param nowMillis the time
 * @param purgeEnd no deletion from here on is forgotten: somebody has not read it
 * @param memoryBytesMax for the newest offsets of keys
 * @param salt dice that whoever chooses keys does not know
 * @param pace how fast it may go
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CompactionRun(
    long nowMillis, long purgeEnd, long memoryBytesMax, byte[] salt, Pace pace) {}
