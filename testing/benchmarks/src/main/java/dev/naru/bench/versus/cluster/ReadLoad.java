package dev.naru.bench.versus.cluster;

/** What a consumer reads, from the beginning; it waits for what is not there yet. */
public record ReadLoad(String topic, long records) {}
