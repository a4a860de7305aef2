package dev.naru.client.consumer;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.OffsetReset;
import dev.naru.client.ProducerRecord;
import dev.naru.client.fake.FakeCluster;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How fast one thread reads 100-byte records from a cluster in the same JVM that has them in
 * memory.
 */
@Tag("bench")
class ConsumerRateTest {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int PARTITIONS = 6;
  private static final int ROUNDS = 6;
  private static final int RECORDS = 1_000_000;

  @Test
  void readsManyRecordsASecond() {
    try (var cluster = FakeCluster.of(3);
        var naru = NaruClient.builder().bootstrapServers(cluster.addresses()).build()) {
      cluster.createTopic("rate", PARTITIONS);
      fill(naru);
      for (int round = 0; round < ROUNDS; round++) {
        measure(naru, round);
      }
    }
  }

  private static void fill(NaruClient naru) {
    byte[] value = new byte[100];
    try (var producer = naru.producer(Codec.bytes(), Codec.bytes()).batchSize(256 << 10).build()) {
      for (int i = 0; i < RECORDS; i++) {
        var _ = producer.send(ProducerRecord.of("rate", value));
      }
    }
  }

  private static void measure(NaruClient naru, int round) {
    try (var consumer =
        naru.consumer(Codec.bytes(), Codec.bytes()).autoOffsetReset(OffsetReset.EARLIEST).build()) {
      consumer.assign(consumer.partitionsOf("rate"));
      long started = System.nanoTime();
      long cpuBefore = THREADS.getCurrentThreadCpuTime();
      int count = 0;
      while (count < RECORDS) {
        count += consumer.poll(ofSeconds(10)).size();
      }
      double seconds = (System.nanoTime() - started) / (double) TimeUnit.SECONDS.toNanos(1);
      long cpu = THREADS.getCurrentThreadCpuTime() - cpuBefore;
      System.out.printf(
          "round %d: %,.0f records/s, %d ns of CPU a record on the polling thread%n",
          round, RECORDS / seconds, cpu / RECORDS);
      assertThat(count).isEqualTo(RECORDS);
    }
  }
}
