package dev.naru.log.retention;

/**
 * What counts of a segment when it is asked whether it may go.
 *
 * @param base its first offset
 * @param end where it ends, exclusive
 * @param newestMillis the time of its newest record
 */
public record KeptSegment(long base, long end, long bytes, long newestMillis) {}
