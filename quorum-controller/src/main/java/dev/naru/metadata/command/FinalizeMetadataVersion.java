package dev.naru.metadata.command;

/**
 * Puts other rules into force, which every registered node must know. There is no way back: from
 * then on an older release cannot take part.
 *
 * @param principal who asks
 */
public record FinalizeMetadataVersion(int version, String principal) implements MetadataCommand {}
