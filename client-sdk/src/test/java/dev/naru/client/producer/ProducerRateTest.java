package dev.naru.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Acks;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.fake.FakeCluster;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How fast one thread sends 100-byte records to a cluster in the same JVM that checks each batch
 * and keeps nothing: everything the client does, and little else.
 */
@Tag("bench")
class ProducerRateTest {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int PARTITIONS = 6;
  private static final int ROUNDS = 6;
  private static final int RECORDS = 2_000_000;

  @Test
  void sendsManyRecordsASecond() {
    try (var cluster = FakeCluster.of(3);
        var naru = NaruClient.builder().bootstrapServers(cluster.addresses()).build()) {
      for (var acks : Acks.values()) {
        measure(cluster, naru, acks, 16 << 10, RECORDS);
        measure(cluster, naru, acks, 256 << 10, RECORDS);
      }
    }
  }

  @Test
  @Tag("S72")
  void sendsSmallRecordsFiveTimesAsFastInBatchesAsSingly() {
    try (var cluster = FakeCluster.of(3);
        var naru = NaruClient.builder().bootstrapServers(cluster.addresses()).build()) {
      double singly = measure(cluster, naru, Acks.ALL, 0, RECORDS / 40);
      double together = measure(cluster, naru, Acks.ALL, 16 << 10, RECORDS);

      assertThat(together / singly).isGreaterThanOrEqualTo(5);
    }
  }

  /** The rate of the last round. */
  private static double measure(
      FakeCluster cluster, NaruClient naru, Acks acks, int batchSize, int records) {
    String topic = "acks-" + acks.text() + "-batch.size-" + batchSize;
    cluster.createTopic(topic, PARTITIONS);
    for (int i = 0; i < PARTITIONS; i++) {
      cluster.partition(topic, i).keepNothing();
    }
    byte[] value = new byte[100];
    double rate = 0;
    try (var producer =
        naru.producer(Codec.bytes(), Codec.bytes()).acks(acks).batchSize(batchSize).build()) {
      for (int round = 0; round < ROUNDS; round++) {
        long started = System.nanoTime();
        long cpuBefore = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < records; i++) {
          var _ = producer.send(ProducerRecord.of(topic, value));
        }
        producer.flush();
        double seconds = (System.nanoTime() - started) / (double) TimeUnit.SECONDS.toNanos(1);
        long cpu = THREADS.getCurrentThreadCpuTime() - cpuBefore;
        System.out.printf(
            "%s round %d: %,.0f records/s, %d ns of CPU a record on the sending thread%n",
            topic, round, records / seconds, cpu / records);
        rate = records / seconds;
      }
    }
    long stored = 0;
    for (int i = 0; i < PARTITIONS; i++) {
      stored += cluster.partition(topic, i).end();
    }
    assertThat(stored).isEqualTo((long) ROUNDS * records);
    return rate;
  }
}
