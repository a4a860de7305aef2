package dev.naru.metadata.command;

import dev.naru.types.TopicId;

/** Deletes a topic; its id is dead for ever. */
public record DeleteTopic(TopicId id) implements MetadataCommand {}
