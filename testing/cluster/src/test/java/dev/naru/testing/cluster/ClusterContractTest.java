package dev.naru.testing.cluster;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** What holds of every producer and consumer holds of those of a node. */
@NaruTest(nodes = 1, settings = "offsets.topic.num.partitions=1")
class ClusterContractTest {

  private static NaruCluster cluster;

  @BeforeAll
  static void start(NaruCluster started) {
    cluster = started;
  }

  @Nested
  class Producers extends ProducerContract {

    @Override
    Clients open(SeenRecords interceptor) {
      return Clients.of(cluster, interceptor);
    }
  }

  @Nested
  class Consumers extends ConsumerContract {

    @Override
    Clients open(SeenRecords interceptor) {
      return Clients.of(cluster, interceptor);
    }
  }
}
