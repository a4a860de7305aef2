package dev.naru.testing.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.TopicDescription;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two of three voters die, and a partition lies on the other nodes. */
class QuorumLostTest {

  private static final int NODES = 4;
  private static final int TOPICS = 48;
  private static final List<Integer> DEAD = List.of(1, 2);
  private static final List<Integer> ALIVE = List.of(3, 4);

  private static final Eventually ELECTION =
      Eventually.allowing("an election of the quorum", Duration.ofSeconds(5));

  @Test
  void recordsGoOnWithoutAMetadataQuorumAndChangesAreRefusedUntilItIsBack() {
    try (var cluster = NaruCluster.of(NODES).start();
        var naru = NaruClient.builder().bootstrapServers(cluster.bootstrapServers()).build()) {
      var topic = topicOf(naru, ALIVE);
      naru.admin().createTopic(NewTopic.named("spare").partitions(1)).join();
      ELECTION.until("all replicas are in sync", () -> isInSync(naru, topic));
      try (var producer = naru.producer(Codec.utf8(), Codec.utf8()).build()) {
        producer.send(ProducerRecord.of(topic, "before")).join();

        DEAD.forEach(cluster::kill);

        producer.send(ProducerRecord.of(topic, "without")).join();
        assertThat(read(naru, topic)).containsExactly("before", "without");
        assertThatThrownBy(() -> naru.admin().deleteTopic("spare").join())
            .isInstanceOf(CompletionException.class)
            .cause()
            .isInstanceOfSatisfying(
                NaruException.class,
                why -> assertThat(why.code()).isEqualTo(ErrorCode.METADATA_QUORUM_LOST))
            // The last image may show that the first of them died: then its partitions do not
            // count.
            .hasMessageMatching(
                ".*produce and consume continue on [1-9]\\d* of %d partitions.*"
                    .formatted(TOPICS + 1));

        cluster.start(DEAD);

        ELECTION.until("a topic can be made", () -> isMade(naru, "again"));
        producer.send(ProducerRecord.of(topic, "after")).join();
      }
      assertThat(read(naru, topic)).containsExactly("before", "without", "after");
    }
  }

  /** Nobody can say where a replica is to be put: of so many topics, some lie where they should. */
  private static String topicOf(NaruClient naru, List<Integer> nodes) {
    var made =
        naru.admin()
            .createTopics(
                IntStream.range(0, TOPICS)
                    .mapToObj(number ->
                        NewTopic.named("flow-" + number).partitions(1).replicationFactor(2))
                    .toList());
    return made.stream()
        .map(CompletableFuture::join)
        .filter(topic -> nodes.containsAll(topic.partitions().getFirst().replicas()))
        .map(TopicDescription::name)
        .findFirst()
        .orElseThrow();
  }

  private static boolean isInSync(NaruClient naru, String topic) {
    var partition = naru.admin().describeTopic(topic).join().partitions().getFirst();
    return partition.leader().isPresent() && partition.isr().size() == partition.replicas().size();
  }

  private static boolean isMade(NaruClient naru, String topic) {
    try {
      return naru.admin().createTopic(NewTopic.named(topic)).join().id().isPresent();
    } catch (CompletionException e) { // the quorum has to find its leader first
      return false;
    }
  }

  private static List<String> read(NaruClient naru, String topic) {
    var values = new ArrayList<String>();
    var partition = new TopicPartition(topic, 0);
    try (var consumer = naru.consumer(Codec.utf8(), Codec.utf8()).build()) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(partition);
      consumer.readUntil(Position.end());
      while (!consumer.isAtStop()) {
        consumer
            .poll(Duration.ofSeconds(1))
            .forEach(rec -> values.add(requireNonNull(rec.value())));
      }
    }
    return values;
  }
}
