package dev.naru.metadata.command;

import dev.naru.types.NodeId;
import java.util.UUID;

/**
 * A node is to lead only what nobody else could, and to get no new replicas, until it is
 * {@linkplain UndrainNode wanted} again. Without effect if it is sent twice.
 *
 * @param operation drawn by whoever asks: what the operation is known by
 */
public record DrainNode(UUID operation, NodeId node) implements MetadataCommand {}
