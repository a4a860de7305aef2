package dev.naru.bench.versus.cluster;

import java.nio.file.Path;

/**
 * What a producer sends at a steady rate while a consumer reads it.
 *
 * @param values a file with a value in each line
 * @param partitions of the topic, all of which the consumer reads
 * @param warmup so many records do not count
 * @param counted and then so many do
 */
public record PacedLoad(
    String topic, Path values, int partitions, double perSecond, int warmup, int counted) {}
