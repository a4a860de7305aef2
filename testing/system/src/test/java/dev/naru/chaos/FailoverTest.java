package dev.naru.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.client.producer.Producer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long writes stop when the process that leads them is killed. {@link GapsTest} does it a
 * hundred times; each build kills leaders in {@code ChaosTest}, and one within a JVM for the gap.
 */
@Tag("chaos")
class FailoverTest {

  private static final int KILLS = 5;
  private static final Duration MEDIAN_LIMIT = Duration.ofSeconds(2);
  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(60);
  private static final String TOPIC = "heartbeat";
  private static final long ACKS_BEFORE_A_KILL = 200;
  private static final long SEND_EVERY_NANOS = 5_000_000;

  @TempDir Path directory;

  @Test
  void writesResumeWithinTwoSecondsOfTheKillOfALeader() {
    var gaps = new ArrayList<Long>();
    try (var cluster = ProcessCluster.start(directory, 3);
        var client = cluster.client()) {
      client.admin().createTopic(NewTopic.named(TOPIC).partitions(1).replicationFactor(3)).join();

      for (int kill = 0; kill < KILLS; kill++) {
        gaps.add(gapOfOneKill(cluster, client));
      }
    }

    Collections.sort(gaps);
    System.out.println("gap in acknowledgements after kill -9 of a leader, ms: " + gaps);
    assertThat(Duration.ofMillis(gaps.get(KILLS / 2))).isLessThan(MEDIAN_LIMIT);
  }

  private static long gapOfOneKill(ProcessCluster cluster, NaruClient client) {
    var gap = new AckGap();
    int leader;
    try (Producer<byte[], byte[]> producer =
        client.producer(Codec.bytes(), Codec.bytes()).build()) {
      awaitFullIsr(client);
      gap.expectFrom(System.nanoTime());
      sendUntilAcknowledged(producer, gap, ACKS_BEFORE_A_KILL);
      leader = partition(client).leader().orElseThrow();
      cluster.node(leader).kill();
      sendUntilAcknowledged(producer, gap, gap.acknowledged() + ACKS_BEFORE_A_KILL);
    }
    assertThat(gap.failures()).isZero();
    cluster.restart(leader).awaitReady();
    return gap.longestMillis();
  }

  /** Sends at a steady pace, so that a gap is the cluster's and not the sender's. */
  private static void sendUntilAcknowledged(
      Producer<byte[], byte[]> producer, AckGap gap, long acknowledged) {
    long began = System.nanoTime();
    for (long sent = 1; gap.acknowledged() < acknowledged; sent++) {
      if (System.nanoTime() - began > SETTLE_LIMIT.toNanos()) {
        throw new AssertionError("Expected acknowledgements to resume, but none came for a minute");
      }
      var _ =
          producer
              .send(ProducerRecord.of(TOPIC, new byte[100]))
              .whenComplete((_, failure) -> {
                if (failure == null) {
                  gap.acknowledged(System.nanoTime());
                } else {
                  gap.failed();
                }
              });
      while (System.nanoTime() - began < sent * SEND_EVERY_NANOS) {
        LockSupport.parkNanos(began + sent * SEND_EVERY_NANOS - System.nanoTime());
      }
    }
  }

  private static void awaitFullIsr(NaruClient client) {
    await()
        .atMost(SETTLE_LIMIT)
        .ignoreExceptions()
        .until(() -> partition(client).isr().size() == 3);
  }

  private static PartitionDescription partition(NaruClient client) {
    return client.admin().describeTopic(TOPIC).join().partitions().get(0);
  }
}
