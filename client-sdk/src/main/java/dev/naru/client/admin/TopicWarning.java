package dev.naru.client.admin;

/** Something that is allowed and worth a second look, such as {@code TOPIC_NAME_COLLISION}. */
public record TopicWarning(String code, String message) {}
