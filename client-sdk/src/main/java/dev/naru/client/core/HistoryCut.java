package dev.naru.client.core;

/**
 * Records {@code [from, to)} of a partition that were read or committed as read, and are not part
 * of its log any more.
 *
 * @param from where what was read and what is there now part
 * @param to the position of the reader when it heard of it
 */
public record HistoryCut(long from, long to) {}
