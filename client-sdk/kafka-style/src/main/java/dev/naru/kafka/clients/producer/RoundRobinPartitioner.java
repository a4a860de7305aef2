package dev.naru.kafka.clients.producer;

/** A name for {@code partitioner.class}: stands for {@code round_robin}. */
public final class RoundRobinPartitioner {

  private RoundRobinPartitioner() {}
}
