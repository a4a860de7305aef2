package dev.naru.client.producer;

import static dev.naru.client.producer.Sends.ackOf;
import static dev.naru.client.producer.Sends.failureOf;
import static dev.naru.client.producer.Sends.firstAppearances;
import static dev.naru.client.producer.Sends.join;
import static dev.naru.client.producer.Sends.numbers;
import static dev.naru.client.producer.Sends.texts;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Acks;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.ProducerRecord;
import dev.naru.client.fake.FakeCluster;
import dev.naru.client.fake.FakeCluster.Script;
import dev.naru.client.fake.Reaction;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ProducerFaultTest {

  private final FakeCluster cluster = FakeCluster.of(3);
  private final NaruClient naru =
      NaruClient.builder().bootstrapServers(cluster.addresses()).build();

  /** Soon takes an answer for lost; on a slow machine also one that is not. */
  private final NaruClient hasty =
      NaruClient.builder()
          .bootstrapServers(cluster.addresses())
          .requestTimeout(ofMillis(400))
          .build();

  @AfterEach
  void close() {
    cluster.releaseHeld();
    hasty.close();
    naru.close();
    cluster.close();
  }

  /** Enough records for more than ten small batches, however much they grow. */
  private static final int MANY = 3000;

  /** Batches of a few records, so that several are on their way at once. */
  private ProducerBuilder<String, String> smallBatches() {
    return naru.producer(Codec.utf8(), Codec.utf8()).batchSize(150);
  }

  /** Reacts so to the n-th batch, counted from one, and accepts all others. */
  private static Script toBatch(int n, Reaction reaction) {
    var count = new AtomicInteger();
    return (node, request) -> count.incrementAndGet() == n ? reaction : Reaction.accept();
  }

  @Test
  void keepsOrderAndStoresOnceWhenABatchInTheMiddleIsRefused() {
    cluster.createTopic("orders", 1);
    cluster.onProduce(toBatch(3, Reaction.refuse(ErrorCode.NOT_ENOUGH_REPLICAS)));
    var producer = smallBatches().build();

    join(numbers(producer, "orders", 0, MANY));

    assertThat(cluster.partition("orders", 0).values()).isEqualTo(texts(0, MANY));
  }

  @Test
  void isNotHeldUpByTheFailuresOfAnotherProducerOfTheSameClient() {
    cluster.createTopic("orders", 1);
    var unlucky = smallBatches().build();
    var count = new AtomicInteger();
    cluster.onProduce((node, request) ->
        count.incrementAndGet() <= 20
            ? Reaction.refuse(ErrorCode.NOT_ENOUGH_REPLICAS)
            : Reaction.accept());
    join(numbers(unlucky, "orders", 0, 1));

    join(numbers(smallBatches().build(), "orders", 1, 2));

    assertThat(cluster.produceRequests()).isEqualTo(22); // it begins where the other one is
    assertThat(cluster.partition("orders", 0).values()).containsExactly("0", "1");
  }

  @Test
  void goesOnAfterARefusalThatNobodyHearsOf() {
    cluster.createTopic("orders", 1);
    cluster.onProduce(toBatch(1, Reaction.refuse(ErrorCode.TOO_MANY_REQUESTS)));
    var producer = smallBatches().acks(Acks.NONE).build();

    join(numbers(producer, "orders", 0, 1));
    join(numbers(producer, "orders", 1, 2));

    await("the second one is stored", () -> cluster.partition("orders", 0).end() == 1);
  }

  @Test
  void failsOnlyTheBatchThatCanNeverBeTaken() {
    cluster.createTopic("orders", 1);
    cluster.onProduce(toBatch(2, Reaction.refuse(ErrorCode.INVALID_RECORD)));
    var producer = smallBatches().build();

    var sent = numbers(producer, "orders", 0, MANY);
    producer.flush();

    long failed = sent.stream().filter(each -> each.isCompletedExceptionally()).count();
    var stored = cluster.partition("orders", 0).values();
    assertThat(failed).isPositive().isLessThan(MANY / 2);
    assertThat(stored).hasSize(MANY - (int) failed);
    assertThat(stored).isSortedAccordingTo((a, b) -> Integer.parseInt(a) - Integer.parseInt(b));
  }

  @Test
  void sendsAgainInOrderWhenTheStreamBreaksBeforeTheAnswer() {
    cluster.createTopic("orders", 1);
    cluster.onProduce(toBatch(4, Reaction.appendAndBreak()));
    var producer = smallBatches().idempotence(false).build();

    join(numbers(producer, "orders", 0, MANY));

    var stored = cluster.partition("orders", 0).values();
    assertThat(firstAppearances(stored)).isEqualTo(texts(0, MANY));
    assertThat(stored).hasSizeGreaterThan(MANY); // the outcome was unknown: stored twice, not lost
  }

  @Test
  void takesNoLateAnswerOfTheOldLeaderForOneOfTheNew() {
    cluster.createTopic("orders", 2);
    cluster.moveLeader("orders", 1, 1);
    var patient =
        NaruClient.builder().bootstrapServers(cluster.addresses()).requestTimeout(ofSeconds(20));
    try (var client = patient.build()) {
      cluster.onProduce((node, request) -> node == 1 ? Reaction.hold() : Reaction.ignore());
      var producer = client.producer(Codec.utf8(), Codec.utf8()).build();
      var moved = producer.send(ProducerRecord.<String, String>of("orders", "a").withPartition(0));
      Eventually.allowing("a request", ofSeconds(1))
          .until("the old leader has it", () -> cluster.heldCount() == 1);
      cluster.moveLeader("orders", 0, 2);
      var other = producer.send(ProducerRecord.<String, String>of("orders", "b").withPartition(1));
      Eventually.allowing("silence, a refresh and a request", ofSeconds(3))
          .until("the new leader has it, too", () -> cluster.produceRequests() == 3);

      cluster.releaseHeld();
      ackOf(other); // came after the answer for the first one, on the same stream

      assertThat(moved).isNotDone();
      cluster.onProduce((node, request) -> Reaction.accept());
      cluster.moveLeader("orders", 0, 3);
      ackOf(moved);
    }
  }

  @Test
  void sendsAgainWhenAnAnswerIsLost() {
    cluster.createTopic("orders", 1);
    cluster.onProduce(toBatch(2, Reaction.appendSilently()));
    var producer = hasty.producer(Codec.utf8(), Codec.utf8()).batchSize(150).build();

    join(numbers(producer, "orders", 0, MANY));

    assertThat(firstAppearances(cluster.partition("orders", 0).values())).isEqualTo(texts(0, MANY));
  }

  @Test
  void sendsAgainWhenTheLeaderDoesNotKnowWhetherABatchWasCommitted() {
    cluster.createTopic("orders", 1);
    cluster.onProduce(
        toBatch(2, Reaction.appendAndRefuse(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND)));
    var producer = smallBatches().build();

    join(numbers(producer, "orders", 0, MANY));

    assertThat(firstAppearances(cluster.partition("orders", 0).values())).isEqualTo(texts(0, MANY));
  }

  @Test
  @Tag("S127")
  void doesNotSendAgainWithoutRetries() {
    cluster.createTopic("orders", 1);
    cluster.onProduce(toBatch(1, Reaction.refuse(ErrorCode.NOT_ENOUGH_REPLICAS)));
    var producer = smallBatches().retries(0).build();

    var first = numbers(producer, "orders", 0, 1).get(0);

    assertThat(failureOf(first).code()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
    assertThat(ackOf(numbers(producer, "orders", 1, 2).get(0)).offset()).isZero();
  }

  @Test
  void saysThatTheOutcomeIsUnknownWithoutRetries() {
    cluster.createTopic("orders", 1);
    cluster.onProduce(toBatch(1, Reaction.appendAndBreak()));
    var producer = smallBatches().retries(0).build();

    var failure = failureOf(numbers(producer, "orders", 0, 1).get(0));

    assertThat(failure.code()).isEqualTo(ErrorCode.REQUEST_TIMEOUT);
    assertThat(failure).isInstanceOf(NaruTimeoutException.class);
  }

  @Test
  @Tag("S101")
  void followsTheLeaderThatARefusalNames() {
    cluster.createTopic("orders", 1);
    var producer = smallBatches().build();
    join(numbers(producer, "orders", 0, 10));
    int asked = cluster.metadataCalls();

    cluster.moveLeader("orders", 0, 2);
    join(numbers(producer, "orders", 10, 50));

    assertThat(cluster.partition("orders", 0).values()).isEqualTo(texts(0, 50));
    assertThat(cluster.metadataCalls() - asked).isLessThanOrEqualTo(2);
  }

  @Test
  void doesNotWaitBeforeItTriesALeaderThatHasRefusedNothing() {
    cluster.createTopic("orders", 1);
    try (var cautious =
        NaruClient.builder()
            .bootstrapServers(cluster.addresses())
            .retryBackoff(ofSeconds(30), ofSeconds(30))
            .build()) {
      var producer = cautious.producer(Codec.utf8(), Codec.utf8()).batchSize(150).build();
      join(numbers(producer, "orders", 0, 10));

      cluster.moveLeader("orders", 0, 2);
      var waiting = numbers(producer, "orders", 10, MANY); // several batches are refused

      await("the next leader has them", () -> waiting.stream().allMatch(Future::isDone));
      assertThat(cluster.partition("orders", 0).values()).isEqualTo(texts(0, MANY));
    }
  }

  @Test
  void asksForTheLeaderThatARefusalDoesNotName() {
    cluster.createTopic("orders", 1);
    cluster.nameLeaders(false);
    var producer = smallBatches().build();
    join(numbers(producer, "orders", 0, 10));

    cluster.moveLeader("orders", 0, 2);
    join(numbers(producer, "orders", 10, 50));

    assertThat(cluster.partition("orders", 0).values()).isEqualTo(texts(0, 50));
  }

  @Test
  void goesOnSoonAfterTheLeaderWasKilledAndAnotherElected() {
    cluster.createTopic("orders", 1);
    var producer = smallBatches().build();
    join(numbers(producer, "orders", 0, 10));

    cluster.kill(1);
    var waiting = numbers(producer, "orders", 10, 20);
    cluster.removeLeader("orders", 0);
    await("it asks again and again", () -> cluster.metadataCalls() > 3);
    cluster.moveLeader("orders", 0, 2);

    Eventually.allowing("a question for the leader, and its answer to a batch", ofSeconds(1))
        .until("they are settled", () -> waiting.stream().allMatch(Future::isDone));
    join(waiting);
    assertThat(firstAppearances(cluster.partition("orders", 0).values())).isEqualTo(texts(0, 20));
  }

  @Test
  void leavesALeaderThatHangsOnceAnotherIsElected() {
    cluster.createTopic("orders", 1);
    try (var patient = NaruClient.builder().bootstrapServers(cluster.addresses()).build()) {
      var producer = patient.producer(Codec.utf8(), Codec.utf8()).build();
      join(numbers(producer, "orders", 0, 10));

      cluster.hang(1, true);
      var waiting = numbers(producer, "orders", 10, 20);
      cluster.moveLeader("orders", 0, 3);

      Eventually.allowing("the silence to be noticed", ofSeconds(1))
          .and("a question for the node that hangs, before another is asked", ofSeconds(5))
          .until("they are settled", () -> waiting.stream().allMatch(Future::isDone));
      join(waiting);
      assertThat(firstAppearances(cluster.partition("orders", 0).values())).isEqualTo(texts(0, 20));
    }
  }

  @Test
  void reconnectsToALeaderThatComesBack() {
    cluster.createTopic("orders", 1);
    var producer = smallBatches().build();
    join(numbers(producer, "orders", 0, 10));

    cluster.kill(1);
    var waiting = numbers(producer, "orders", 10, 20);
    cluster.restart(1);
    join(waiting);

    assertThat(firstAppearances(cluster.partition("orders", 0).values())).isEqualTo(texts(0, 20));
  }

  @Test
  void isPatientWithALeaderThatHasNotHeardOfANewTopic() {
    cluster.createTopic("orders", 1);
    cluster.onProduce(toBatch(1, Reaction.refuse(ErrorCode.TOPIC_NOT_FOUND)));

    join(numbers(smallBatches().build(), "orders", 0, 5));

    assertThat(cluster.partition("orders", 0).values()).isEqualTo(texts(0, 5));
  }

  @Test
  void failsRecordsOfATopicThatIsDeleted() {
    cluster.createTopic("orders", 1);
    var producer = smallBatches().build();
    join(numbers(producer, "orders", 0, 5));

    cluster.deleteTopic("orders");
    var late = numbers(producer, "orders", 5, 6).get(0);

    assertThat(failureOf(late).code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
  }

  @Test
  void takesANameThatWasCreatedAgainForAnotherTopic() {
    cluster.createTopic("orders", 1);
    var producer = smallBatches().build();
    join(numbers(producer, "orders", 0, 5));

    cluster.deleteTopic("orders");
    cluster.createTopic("orders", 1);
    var late = numbers(producer, "orders", 5, 6).get(0);

    assertThat(failureOf(late)).hasMessageContaining("its id is");
    join(numbers(producer, "orders", 6, 7));
    assertThat(cluster.partition("orders", 0).values()).containsExactly("6");
  }

  @Test
  void keepsToItsLimitOfUnansweredBatches() {
    cluster.createTopic("orders", 1);
    cluster.onProduce((node, request) -> Reaction.hold());
    var producer = smallBatches().maxInFlight(2).build();

    var sent = numbers(producer, "orders", 0, MANY);
    await("two are on their way", () -> cluster.heldCount() == 2);

    assertThat(cluster.partition("orders", 0).batches()).hasSize(2);
    cluster.onProduce((node, request) -> Reaction.accept());
    cluster.releaseHeld();
    join(sent);
    assertThat(firstAppearances(cluster.partition("orders", 0).values())).isEqualTo(texts(0, MANY));
  }

  @Test
  void keepsToItsLimitOfUnansweredBytesPerNode() {
    cluster.createTopic("orders", 1);
    var bytes = new AtomicLong();
    cluster.onProduce((node, request) -> Reaction.hold());
    try (var narrow =
        NaruClient.builder()
            .bootstrapServers(cluster.addresses())
            .connectionInflightBytes(1000)
            .build()) {
      var producer =
          narrow.producer(Codec.utf8(), Codec.utf8()).batchSize(400).maxInFlight(100).build();

      var sent = numbers(producer, "orders", 0, MANY);
      await("some are on their way", () -> cluster.heldCount() > 0);
      cluster.partition("orders", 0).batches().forEach(batch -> bytes.addAndGet(batch.size()));

      assertThat(bytes.get()).isLessThanOrEqualTo(1000 + 16 * 400); // the last one may pass it
      cluster.onProduce((node, request) -> Reaction.accept());
      cluster.releaseHeld();
      join(sent);
    }
  }

  private static void await(String claim, Callable<Boolean> condition) {
    Eventually.allowing("a few calls over loopback", ofSeconds(2)).until(claim, condition);
  }
}
