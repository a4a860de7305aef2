package dev.naru.metadata.command;

import java.util.UUID;

/**
 * What an operation has not done yet is to stay, or to become again, as it was before. Without
 * effect on one that has ended.
 */
public record CancelOperation(UUID operation) implements MetadataCommand {}
