package dev.naru.client.consumer;

import java.time.Instant;

/** A record found by its time. */
public record OffsetAndTime(long offset, Instant time) {}
