package dev.naru.chaos.run;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.NodeHost;
import dev.naru.chaos.load.Workload;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.testing.history.FinalState;
import dev.naru.testing.history.FinalState.PartitionEnd;
import dev.naru.testing.history.FinalState.Promise;
import dev.naru.testing.history.FinalState.Replica;
import dev.naru.testing.history.History;
import dev.naru.testing.history.PartitionName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What is left when all is over: asked of the leaders, then looked up where the nodes lay. */
final class Ending {

  private static final Duration IN_SYNC_LIMIT = Duration.ofMinutes(2);

  private Ending() {}

  /** Asks once all replicas are in sync, stops all nodes, and says where their files are. */
  static FinalState of(
      ChaosCluster cluster, NaruClient client, Workload workload, List<History> reads) {
    var topic = cluster.awaitInSync(client, workload.topic(), IN_SYNC_LIMIT);
    Map<TopicPartition, Long> starts;
    Map<TopicPartition, Long> ends;
    try (var consumer = client.consumer(Codec.bytes(), Codec.bytes()).build()) {
      starts = consumer.beginningOffsets(workload.allPartitions());
      ends = consumer.endOffsets(workload.allPartitions());
    }
    for (var host : cluster.hosts()) {
      int status = host.stop();
      if (status != 0) {
        throw new AssertionError(
            "Expected node %d to stop with status 0, but was %d".formatted(host.id(), status));
      }
    }
    var partitions = new ArrayList<PartitionEnd>();
    for (var partition : topic.partitions()) {
      var key = new TopicPartition(workload.topic(), partition.partition());
      partitions.add(
          new PartitionEnd(
              new PartitionName(workload.topic(), partition.partition()),
              Promise.NOTHING_IS_LOST,
              starts.getOrDefault(key, 0L),
              ends.getOrDefault(key, 0L),
              0,
              List.of(),
              replicas(cluster, topic.id().orElseThrow(), partition)));
    }
    return new FinalState(reads, partitions);
  }

  private static List<Replica> replicas(
      ChaosCluster cluster, UUID topic, PartitionDescription partition) {
    return partition.replicas().stream()
        .map(cluster::host)
        .map(host -> replica(host, topic, partition))
        .toList();
  }

  private static Replica replica(NodeHost host, UUID topic, PartitionDescription partition) {
    return new Replica(
        host.id(),
        host.dataDirectory().resolve(topic + "-" + partition.partition()),
        partition.isr().contains(host.id()));
  }
}
