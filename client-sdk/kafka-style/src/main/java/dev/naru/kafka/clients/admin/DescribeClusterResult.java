package dev.naru.kafka.clients.admin;

import dev.naru.kafka.common.KafkaFuture;
import dev.naru.kafka.common.Node;
import java.util.Collection;

/** The cluster and its nodes. */
public final class DescribeClusterResult {

  private final KafkaFuture<Collection<Node>> nodes;
  private final KafkaFuture<String> clusterId;

  DescribeClusterResult(KafkaFuture<Collection<Node>> nodes, KafkaFuture<String> clusterId) {
    this.nodes = nodes;
    this.clusterId = clusterId;
  }

  /** All that are registered. */
  public KafkaFuture<Collection<Node>> nodes() {
    return nodes;
  }

  /** The cluster's id. */
  public KafkaFuture<String> clusterId() {
    return clusterId;
  }
}
