package dev.naru.testing.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.TopicPartition;
import dev.naru.client.producer.Producer;
import dev.naru.proto.admin.v1.Partition;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A producer as it is by default: it numbers its batches, while nodes go and come back. */
class ExactlyOnceTest {

  private static final String TOPIC = "numbers";
  private static final int PARTITIONS = 3;
  private static final List<TopicPartition> PLACES =
      IntStream.range(0, PARTITIONS).mapToObj(number -> new TopicPartition(TOPIC, number)).toList();
  private static final int ROUNDS = 10;
  private static final int RECORDS_A_ROUND = 4_000;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<CompletableFuture<RecordAck>> acks = new ArrayList<>();
  private long duplicates;

  @Test
  @Tag("S70")
  @Tag("S76")
  void storesEachRecordOnceAndInOrderWhileLeadersAreKilledAndStopped() throws Exception {
    try (var cluster = NaruCluster.of(3).start();
        var topics = new Topics(cluster);
        var naru = NaruClient.builder().bootstrapServers(cluster.bootstrapServers()).build()) {
      topics.create(TOPIC, PARTITIONS, 3);
      try (var producer = producer(naru)) {
        for (int round = 0; round < ROUNDS; round++) {
          send(producer, RECORDS_A_ROUND / 4);
          int gone = topics.leaderOf(TOPIC, round % PARTITIONS);
          duplicates += duplicatesMetBy(cluster, gone);
          if (round % 2 == 0) {
            cluster.kill(gone);
          } else {
            cluster.stop(gone);
          }
          send(producer, RECORDS_A_ROUND / 4);
          cluster.start(gone);
          for (int partition = 0; partition < PARTITIONS; partition++) {
            topics.awaitIsr(TOPIC, partition, 3);
          }
          send(producer, RECORDS_A_ROUND / 4);
          naru.admin().electPreferredLeaders(PLACES).join();
          send(producer, RECORDS_A_ROUND / 4);
        }
        producer.flush();
      }
      for (int node : cluster.running()) {
        duplicates += duplicatesMetBy(cluster, node);
      }

      assertThat(acks).hasSize(ROUNDS * RECORDS_A_ROUND);
      var stored = read(naru);
      assertThat(stored).hasSize(acks.size());
      for (int number = 0; number < acks.size(); number++) {
        var ack = acks.get(number).join();
        assertThat(stored.get(new Place(ack.partition(), ack.offset())))
            .as("record %d, acknowledged at %d of %d", number, ack.offset(), ack.partition())
            .isEqualTo(number);
      }
      int changes =
          topics.topic(TOPIC).getPartitionsList().stream()
              .mapToInt(Partition::getLeaderEpoch)
              .sum();
      System.out.println(
          "Changes of leaders: %d; batches that were sent again and not stored again: %d"
              .formatted(changes, duplicates));
      assertThat(changes).isGreaterThanOrEqualTo(20);
    }
  }

  /** Small batches, five of a partition under way, so that many are on their way when one goes. */
  private static Producer<String, String> producer(NaruClient naru) {
    return naru.producer(Codec.utf8(), Codec.utf8()).batchSize(500).linger(Duration.ZERO).build();
  }

  private void send(Producer<String, String> producer, int count) {
    for (int i = 0; i < count; i++) {
      int number = acks.size();
      acks.add(producer.send(ProducerRecord.of(TOPIC, "key " + number % 50, "" + number)));
    }
  }

  private record Place(int partition, long offset) {}

  /** All there is; of each partition in the order in which it was sent. */
  private static Map<Place, Integer> read(NaruClient naru) {
    var stored = new HashMap<Place, Integer>();
    var last = new HashMap<Integer, Integer>();
    try (var consumer = naru.consumer(Codec.utf8(), Codec.utf8()).build()) {
      consumer.assign(PLACES);
      consumer.seekToBeginning(PLACES.toArray(TopicPartition[]::new));
      consumer.readUntil(Position.end());
      while (!consumer.isAtStop()) {
        for (var rec : consumer.poll(Duration.ofSeconds(1))) {
          int number = Integer.parseInt(requireNonNull(rec.value()));
          stored.put(new Place(rec.partition(), rec.offset()), number);
          var before = last.put(rec.partition(), number);
          assertThat(before == null || before < number)
              .as("record %d of partition %d, behind %s", number, rec.partition(), before)
              .isTrue();
        }
      }
    }
    return stored;
  }

  private long duplicatesMetBy(NaruCluster cluster, int node)
      throws IOException, InterruptedException {
    var page =
        http.send(
            HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress(node) + "/metrics"))
                .build(),
            BodyHandlers.ofString());
    return page.body()
        .lines()
        .filter(line -> line.startsWith("naru_producer_duplicates_total"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
