package dev.naru.broker.config;

/**
 * A value of a setting that a node was started with, or would have been, had another one not won.
 *
 * @param text as somebody wrote it; the items of a list with commas between them
 */
public record WrittenValue(String text, Origin origin) {}
