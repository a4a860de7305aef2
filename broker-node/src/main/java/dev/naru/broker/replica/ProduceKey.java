package dev.naru.broker.replica;

/**
 * Names one produce request for as long as it is under way.
 *
 * @param stream the client's stream, numbered by this node and never used again while the process
 *     lives
 * @param attempt which resend of the partition's queue it belongs to; rises within (stream,
 *     partition)
 * @param request the client's number for it, rising on its stream
 */
public record ProduceKey(long stream, long attempt, long request) {}
