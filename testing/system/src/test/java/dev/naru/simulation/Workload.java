package dev.naru.simulation;

import dev.naru.broker.partition.FetchKey;
import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The clients: of each partition some producers and a reader. */
final class Workload {

  /** Clients are numbered above all nodes. */
  private static final int FIRST_CLIENT = 100;

  private final SimCluster cluster;
  private final List<SimProducer> producers = new ArrayList<>();
  private final List<SimReader> readers = new ArrayList<>();

  Workload(SimCluster cluster) {
    this.cluster = cluster;
  }

  static int clientNumber(int producer) {
    return FIRST_CLIENT + producer;
  }

  void begin(List<PartitionId> partitions, Dice dice) {
    for (var partition : partitions) {
      for (var acks : List.of(Acks.ALL, dice.pick(List.of(Acks.values())))) {
        int id = producers.size();
        producers.add(new SimProducer(cluster, id, partition, acks, dice.numbered(id)));
      }
      int reader = readers.size();
      readers.add(new SimReader(cluster, reader, partition, dice.named("reader").numbered(reader)));
    }
  }

  int clients() {
    return producers.size();
  }

  void stopProducing() {
    producers.forEach(SimProducer::stop);
  }

  /** What clients of this partition still wait for when its log ends here. */
  Optional<String> whatIsMissing(PartitionId partition, long end) {
    for (var producer : producers) {
      if (producer.partition().equals(partition) && !producer.isDone()) {
        return Optional.of("has a producer that is not done: " + producer);
      }
    }
    for (var reader : readers) {
      if (reader.partition().equals(partition) && reader.offset() < end) {
        return Optional.of("has a reader at %d of %d".formatted(reader.offset(), end));
      }
    }
    return Optional.empty();
  }

  /** Whether the producer of this number sends again what it hears nothing of. */
  boolean resends(int producer) {
    return producers.get(producer).acks() != Acks.NONE;
  }

  void fetchReady(FetchKey key) {
    readers.get((int) key.stream()).woken();
  }

  /** Who leads, as a node that a client happens to ask believes; it may be out of date. */
  Optional<KnownLeader> knownLeader(PartitionId partition, Dice dice) {
    return cluster
        .node(1 + dice.below(cluster.scenario().nodes()))
        .process()
        .filter(SimProcess::isRunning)
        .flatMap(process -> cluster.log().image(process.appliedIndex()).partition(partition))
        .flatMap(
            entry -> entry.leader().map(leader -> new KnownLeader(leader, entry.leaderEpoch())));
  }
}
