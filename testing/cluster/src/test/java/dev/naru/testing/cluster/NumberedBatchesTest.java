package dev.naru.testing.cluster;

import static dev.naru.testing.cluster.RawClient.fetchOf;
import static dev.naru.testing.cluster.RawClient.position;
import static dev.naru.testing.cluster.RawClient.toPartition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.proto.v1.Acks;
import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.ProduceRequest;
import dev.naru.proto.v1.ProduceResult;
import dev.naru.proto.v1.Uuid;
import dev.naru.record.BatchBytes;
import dev.naru.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nodes do with batches that a producer numbers, and sends more than once. */
class NumberedBatchesTest {

  private NaruCluster cluster;
  private Topics topics;
  private Uuid topic;
  private long producer;

  @BeforeEach
  void start() {
    cluster = NaruCluster.of(3).start();
    topics = new Topics(cluster);
    topic = topics.create("numbers", 1, 3);
    producer = topics.client().initProducer().getProducerId();
  }

  @AfterEach
  void stop() {
    topics.close();
    cluster.close();
  }

  @Test
  void storeOnceWhatIsSentTwiceAndRefuseWhatIsOutOfTurn() {
    var first = send(1, Acks.ACKS_ALL, numbered(0, "a", "b"));
    var again = send(2, Acks.ACKS_ALL, numbered(0, "a", "b"));
    var gap = send(3, Acks.ACKS_ALL, numbered(5, "f"));
    var reused = send(4, Acks.ACKS_ALL, numbered(0, "x", "y"));
    var stranger = send(5, Acks.ACKS_ALL, Batches.numbered(producer + 1, 3, "z"));
    var careless = send(6, Acks.ACKS_LEADER, numbered(2, "c"));
    var next = send(7, Acks.ACKS_ALL, numbered(2, "c"));

    assertStored(first, 0);
    assertStored(again, 0);
    assertRefused(gap, ErrorCode.ERROR_CODE_OUT_OF_ORDER_SEQUENCE);
    assertRefused(reused, ErrorCode.ERROR_CODE_OUT_OF_ORDER_SEQUENCE);
    assertRefused(stranger, ErrorCode.ERROR_CODE_UNKNOWN_PRODUCER_ID);
    assertRefused(careless, ErrorCode.ERROR_CODE_INVALID_REQUEST);
    assertStored(next, 2);
    assertThat(read()).containsExactly("a", "b", "c");
  }

  @Test
  void knowABatchAgainThatAnotherLeaderTook() {
    assertStored(send(1, Acks.ACKS_ALL, numbered(0, "a", "b")), 0);
    assertStored(send(1, Acks.ACKS_ALL, numbered(2, "c")), 2);

    cluster.kill(topics.leaderOf("numbers", 0));

    assertStored(sendUntilTaken(numbered(2, "c")), 2);
    assertStored(sendUntilTaken(numbered(0, "a", "b")), 0);
    assertStored(sendUntilTaken(numbered(3, "d")), 3);
    assertThat(read()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void knowABatchAgainAfterAllOfThemWereKilled() {
    assertStored(send(1, Acks.ACKS_ALL, numbered(0, "a", "b")), 0);

    cluster.running().forEach(cluster::kill);
    cluster.startAll();

    assertStored(sendUntilTaken(numbered(0, "a", "b")), 0);
    assertStored(sendUntilTaken(numbered(2, "c")), 2);
    assertThat(read()).containsExactly("a", "b", "c");
  }

  @Test
  void proveThatNothingWasAppendedWhereTheyDoNotLead() {
    int leader = topics.leaderOf("numbers", 0);

    var elsewhere =
        topics
            .client(leader % 3 + 1)
            .produce(toPartition(topic, 0, Acks.ACKS_ALL), numbered(0, "a"))
            .join();

    assertRefused(elsewhere, ErrorCode.ERROR_CODE_NOT_LEADER);
  }

  @Test
  void giveEachProducerAnIdOfItsOwnAlsoWithoutAQuorum() {
    var ids = new HashSet<Long>(List.of(producer));
    cluster.running().stream().skip(1).forEach(cluster::kill);

    for (int i = 0; i < 100; i++) {
      var answer = topics.client().initProducer();
      assertThat(answer.getError()).isEqualTo(ErrorCode.ERROR_CODE_NONE);
      assertThat(answer.getProducerEpoch()).isZero();
      assertThat(answer.getStateKeptMs()).isGreaterThan(Duration.ofMinutes(2).toMillis());
      assertThat(ids.add(answer.getProducerId())).isTrue();
    }
  }

  @Test
  void giveOtherIdsOnceTheyWereStartedAgain() {
    int node = cluster.running().getFirst();
    long before = topics.client(node).initProducer().getProducerId();

    cluster.kill(node);
    cluster.start(node);

    try (var client = RawClient.to(cluster.bootstrapServer(node))) {
      assertThat(client.initProducer().getProducerId()).isGreaterThan(before);
    }
  }

  private BatchBytes numbered(int sequence, String... values) {
    return Batches.numbered(producer, sequence, values);
  }

  private ProduceResult send(int attempt, Acks acks, BatchBytes batch) {
    return topics
        .client(topics.leaderOf("numbers", 0))
        .produce(request(attempt, acks), batch)
        .join();
  }

  private ProduceRequest.Builder request(int attempt, Acks acks) {
    return toPartition(topic, 0, acks).setAttempt(attempt);
  }

  /** To whoever leads by now, again and again, as a producer does. */
  private ProduceResult sendUntilTaken(BatchBytes batch) {
    var attempt = new int[] {1};
    var last = new ProduceResult[1];
    Topics.FAILOVER
        .and("replicas that come back", Duration.ofSeconds(5))
        .until(
            "the batch is taken",
            () -> {
              try {
                last[0] = send(attempt[0]++, Acks.ACKS_ALL, batch);
                return last[0].getError() == ErrorCode.ERROR_CODE_NONE;
              } catch (CompletionException e) {
                return false; // its stream broke
              }
            });
    return last[0];
  }

  private List<String> read() {
    var values = new ArrayList<String>();
    Eventually.allowing("a high watermark that is known again", Duration.ofSeconds(2))
        .until(
            "a leader answers",
            () -> {
              var answer =
                  topics
                      .client(topics.leaderOf("numbers", 0))
                      .fetch(fetchOf(position(topic, 0, 0)).setMaxWaitMs(100))
                      .join();
              values.clear();
              values.addAll(Batches.values(answer));
              return !values.isEmpty();
            });
    return values;
  }

  private static void assertStored(ProduceResult result, long offset) {
    assertThat(result.getErrorMessage()).isEmpty();
    assertThat(result.getError()).isEqualTo(ErrorCode.ERROR_CODE_NONE);
    assertThat(result.getBaseOffset()).isEqualTo(offset);
  }

  private static void assertRefused(ProduceResult result, ErrorCode code) {
    assertThat(result.getError()).isEqualTo(code);
    assertThat(result.getNotAppended()).as("the proof that nothing was appended").isTrue();
  }
}
