package dev.naru.bench.versus.cluster;

/** A topic to be made. */
public record TopicSpec(String name, int partitions, int replicas, int insyncMin) {}
