package dev.naru.metadata.command;

import dev.naru.types.NodeEpoch;
import java.util.Optional;
import java.util.UUID;

/**
 * A data directory as a starting node finds it.
 *
 * @param storedEpoch the node epoch last written into it; empty for a newly formatted one
 */
public record DirectoryReport(UUID id, Optional<NodeEpoch> storedEpoch) {}
