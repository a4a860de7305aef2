package dev.naru.broker.partition;

/**
 * Names a fetch that waits for records to become readable.
 *
 * @param stream the client's stream, numbered by this node and never used again while the process
 *     lives
 * @param request the client's number for it
 */
public record FetchKey(long stream, long request) {}
