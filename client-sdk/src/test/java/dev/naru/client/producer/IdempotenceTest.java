package dev.naru.client.producer;

import static dev.naru.client.producer.Sends.ackOf;
import static dev.naru.client.producer.Sends.failureOf;
import static dev.naru.client.producer.Sends.join;
import static dev.naru.client.producer.Sends.numbers;
import static dev.naru.client.producer.Sends.texts;
import static dev.naru.client.producer.Sends.warmUp;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.client.Acks;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.fake.FakeCluster;
import dev.naru.client.fake.FakeCluster.Script;
import dev.naru.client.fake.FakePartition;
import dev.naru.client.fake.Reaction;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import dev.naru.testing.Eventually;
import dev.naru.testing.Seeds;
import dev.naru.types.ErrorCode;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is sent twice is stored once. The nodes' half is a ledger as leaders keep it. */
class IdempotenceTest {

  private static final int SMALL_BATCH = 150;

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

  private ProducerBuilder<String, String> idempotent() {
    return idempotent(naru);
  }

  private static ProducerBuilder<String, String> idempotent(NaruClient client) {
    return client.producer(Codec.utf8(), Codec.utf8()).idempotence(true);
  }

  /** Batches of a few records, so that several are on their way at once. */
  private ProducerBuilder<String, String> smallBatches() {
    return idempotent().batchSize(SMALL_BATCH);
  }

  private FakePartition orders() {
    return cluster.partition("orders", 0);
  }

  /** Reacts so to the n-th batch, counted from one, and accepts all others. */
  private static Script toBatch(int n, Reaction reaction) {
    var count = new AtomicInteger();
    return (node, request) -> count.incrementAndGet() == n ? reaction : Reaction.accept();
  }

  private static List<CompletableFuture<RecordAck>> failed(
      List<CompletableFuture<RecordAck>> settled) {
    return settled.stream().filter(CompletableFuture::isCompletedExceptionally).toList();
  }

  @Test
  void goesOnWithItsNumbersWhenATopicLeavesTheCacheAndComesBack() {
    cluster.createTopic("orders", 1);
    cluster.createTopic("bills", 1);
    var producer = idempotent().build();
    join(numbers(producer, "orders", 0, 3));

    var show = cluster.hideTopic("orders");
    assertThat(failureOf(numbers(producer, "nothing", 0, 1).get(0)).code())
        .isEqualTo(ErrorCode.TOPIC_NOT_FOUND); // the view is anew, without the topic
    show.run();
    var sent = numbers(producer, "orders", 3, 6);
    join(sent);

    assertThat(orders().values()).isEqualTo(texts(0, 6));
    assertThat(ackOf(sent.get(0)).offset()).isEqualTo(3);
    assertThat(orders().duplicates()).isZero();
  }

  @Test
  void storesOnceWhatItSendsTwice() {
    cluster.createTopic("orders", 1);
    for (var lostAnswer :
        List.of(
            Reaction.appendAndBreak(),
            Reaction.appendSilently(),
            Reaction.appendAndRefuse(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND),
            Reaction.appendAndRefuse(ErrorCode.NOT_LEADER))) {
      int duplicates = orders().duplicates();
      int before = orders().values().size();
      cluster.onProduce(toBatch(3, lostAnswer));
      var producer = idempotent(hasty).batchSize(SMALL_BATCH).build();

      var sent = numbers(producer, "orders", 0, 1000);
      join(sent);

      assertThat(orders().values().subList(before, before + 1000)).isEqualTo(texts(0, 1000));
      assertThat(orders().values()).hasSize(before + 1000);
      for (int i = 0; i < 1000; i++) {
        assertThat(ackOf(sent.get(i)).offset()).isEqualTo(before + i);
      }
      assertThat(orders().duplicates()).isGreaterThan(duplicates);
    }
  }

  @Test
  void asksForAnIdOnceBesideTheFirstMetadata() {
    cluster.createTopic("orders", 3);
    var producer = idempotent().build();

    join(numbers(producer, "orders", 0, 10));
    producer.send(ProducerRecord.<String, String>of("orders", "a").withPartition(1)).join();

    var calls = cluster.calls().stream().map(call -> call.substring(0, call.indexOf('@'))).toList();
    assertThat(calls).hasSize(4);
    assertThat(calls.subList(0, 2)).containsExactlyInAnyOrder("InitProducer", "GetMetadata");
    assertThat(calls.subList(2, 4)).containsOnly("Produce");
  }

  @Test
  void hasAnIdForEachProducer() {
    cluster.createTopic("orders", 1);

    join(numbers(idempotent().build(), "orders", 0, 3));
    join(numbers(idempotent().build(), "orders", 3, 6));

    assertThat(orders().values()).isEqualTo(texts(0, 6));
    assertThat(orders().producers()).isEqualTo(2);
  }

  @Test
  void waitsForAnIdAndAsksUntilItHasOne() {
    cluster.createTopic("orders", 1);
    cluster.refuseProducers(10); // more than a round over all nodes
    var producer = smallBatches().build();

    var sent = numbers(producer, "orders", 0, 100);
    producer.flush();

    join(sent);
    assertThat(orders().values()).isEqualTo(texts(0, 100));
  }

  @Test
  void saysThatItHasNoIdWhenTimeIsOver() {
    cluster.createTopic("orders", 2);
    warmUp(
        idempotent(hasty).build(), "orders", 1); // the client is connected, the next one has no id
    cluster.refuseProducers(Integer.MAX_VALUE);
    var producer = idempotent(hasty).deliveryTimeout(ofSeconds(1)).build();

    var failure = failureOf(numbers(producer, "orders", 0, 1).get(0));

    assertThat(failure.code()).isEqualTo(ErrorCode.DELIVERY_TIMEOUT);
    assertThat(failure).hasMessageContaining("Expected fewer producers");
    assertThat(failure.getMessage()).doesNotContain("not known"); // it never left
    cluster.refuseProducers(0);
    warmUp(producer, "orders", 0); // which has an id now, however long it took
    join(numbers(producer, "orders", 1, 2));
    assertThat(orders().values()).doesNotContain("0").endsWith("1");
  }

  @Test
  void endsWhileItsIdIsAskedFor() {
    cluster.createTopic("orders", 1);
    cluster.refuseProducers(Integer.MAX_VALUE);
    var producer = idempotent().build();
    var sent = numbers(producer, "orders", 0, 1);

    producer.close(ofMillis(50));

    assertThat(failureOf(sent.get(0)).code()).isEqualTo(ErrorCode.DELIVERY_TIMEOUT);
  }

  @Test
  void refusesToWaitForLongerThanLeadersRememberIt() {
    cluster.createTopic("orders", 1);
    cluster.keepProducers(ofMinutes(1));
    var producer = idempotent().deliveryTimeout(ofMinutes(2)).build();

    for (int i = 0; i < 2; i++) {
      var failure = failureOf(numbers(producer, "orders", 0, 1).get(0));

      assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
      assertThat(failure).hasMessageContaining("delivery.timeout.ms to be at most 60000");
    }
    join(numbers(idempotent().deliveryTimeout(ofMinutes(1)).build(), "orders", 0, 1));
  }

  @Test
  void givesNewNumbersToWhatALeaderThatForgotItHasNotStored() {
    cluster.createTopic("orders", 1);
    var producer = smallBatches().build();
    join(numbers(producer, "orders", 0, 100));

    orders().forgetProducers();
    join(numbers(producer, "orders", 100, 600));

    assertThat(orders().values()).isEqualTo(texts(0, 600));
  }

  @Test
  void storesWhatIsBehindABatchThatIsRefusedForGood() {
    cluster.createTopic("orders", 1);
    cluster.onProduce(toBatch(3, Reaction.refuse(ErrorCode.INVALID_RECORD)));
    var producer = smallBatches().build();

    var sent = numbers(producer, "orders", 0, 1000);
    producer.flush();

    var failed = failed(sent);
    assertThat(failed).isNotEmpty();
    failed.forEach(each -> {
      assertThat(failureOf(each).code()).isEqualTo(ErrorCode.INVALID_RECORD);
      assertThat(failureOf(each).getMessage()).doesNotContain("not known");
    });
    assertThat(orders().values()).hasSize(1000 - failed.size()).isSubsetOf(texts(0, 1000));
    assertThat(orders().values())
        .isSortedAccordingTo(
            (a, b) -> a.length() == b.length() ? a.compareTo(b) : a.length() - b.length());
  }

  @Test
  void failsWhatIsBehindABatchOfUnknownOutcomeRatherThanStoreItTwice() {
    cluster.createTopic("orders", 1);
    cluster.onProduce(toBatch(3, Reaction.appendAndBreak()));
    var producer = smallBatches().retries(0).build();

    var sent = numbers(producer, "orders", 0, 1000);
    producer.flush();

    var failed = failed(sent);
    assertThat(failed).isNotEmpty().hasSizeLessThan(1000);
    failed.forEach(each ->
        assertThat(failureOf(each))
            .hasMessageContaining("whether the records are stored is not known"));
    assertThat(new HashSet<>(orders().values())).hasSameSizeAs(orders().values());
    var more = numbers(producer, "orders", 1000, 1100);
    join(more);
    assertThat(orders().values()).endsWith(texts(1000, 1100).toArray(String[]::new));
  }

  @Test
  void sendsNothingBehindABatchThatExpiredUnansweredUntilItsFateIsKnown() {
    cluster.createTopic("orders", 2);
    cluster.removeLeader("orders", 0);
    var limit = ofMillis(1500);
    var patient =
        NaruClient.builder().bootstrapServers(cluster.addresses()).requestTimeout(limit).build();
    try (patient) {
      var producer = patient.producer(Codec.utf8(), Codec.utf8()).deliveryTimeout(limit).build();
      warmUp(producer, "orders", 1);
      cluster.onProduce(toBatch(1, Reaction.hold()));
      int asked = cluster.metadataCalls();
      var expired = numbers(producer, "orders", 0, 1).get(0);
      Eventually.allowing("a few questions", ofSeconds(1))
          .until("it waits for a leader", () -> cluster.metadataCalls() > asked);
      // Now it leaves, so late that its time is over before that of its request.
      cluster.moveLeader("orders", 0, 1);
      var failure = failureOf(expired);
      assertThat(failure.code()).isEqualTo(ErrorCode.DELIVERY_TIMEOUT);
      assertThat(failure).hasMessageContaining("whether the records are stored is not known");

      var behind = numbers(producer, "orders", 1, 2);
      cluster.releaseHeld();
      join(behind);

      assertThat(orders().values()).containsExactly("0", "1");
      assertThat(ackOf(behind.get(0)).offset()).isEqualTo(1);
    }
  }

  @Test
  void endsWhenSomebodyElseHasItsId() {
    cluster.createTopic("orders", 2);
    var producer = idempotent().build();
    join(numbers(producer, "orders", 0, 1));

    orders().fenceProducers();

    assertThat(failureOf(numbers(producer, "orders", 1, 2).get(0)).code())
        .isEqualTo(ErrorCode.PRODUCER_FENCED);
    var elsewhere =
        producer.send(ProducerRecord.<String, String>of("orders", "2").withPartition(1));
    assertThat(failureOf(elsewhere)).hasMessageContaining("only producer with its id");
    assertThat(orders().values()).containsExactly("0");
  }

  @Test
  void givesNoNumbersToWhatIsTooLargeOnceItIsCompressed() {
    cluster.createTopic("orders", 1, 2000);
    var producer = idempotent().compression(Compression.GZIP).build();
    join(numbers(producer, "orders", 0, 1));
    var random = Seeds.random(1);
    var large = new StringBuilder();
    random.ints(8000, '!', '~').forEach(each -> large.append((char) each));

    var tooLarge =
        producer.send(
            ProducerRecord.<String, String>of("orders", large.toString()).withPartition(0));
    assertThat(failureOf(tooLarge).code()).isEqualTo(ErrorCode.RECORD_TOO_LARGE);
    join(numbers(producer, "orders", 1, 3));

    assertThat(orders().values()).containsExactly("0", "1", "2");
    assertThat(orders().batches().stream().map(BatchBytes::header))
        .allSatisfy(header -> assertThat(header.producerEpoch()).isZero());
  }

  @Test
  void goesOnAtAnotherLeader() {
    cluster.createTopic("orders", 1);
    cluster.onProduce((node, request) -> node == 1 ? Reaction.appendSilently() : Reaction.accept());
    var producer = idempotent(hasty).batchSize(SMALL_BATCH).build();
    var sent = numbers(producer, "orders", 0, 200);
    Eventually.allowing("a first batch", ofSeconds(1))
        .until("something is stored", () -> orders().end() > 0);

    cluster.moveLeader("orders", 0, 2);
    join(sent);

    assertThat(orders().values()).isEqualTo(texts(0, 200));
    assertThat(orders().duplicates()).isPositive();
  }

  @Test
  void waitsForTheNewLeaderWhateverBecomesOfTheStreamToTheOldOne() {
    cluster.createTopic("orders", 1);
    cluster.onProduce((node, request) -> Reaction.hold());
    try (var patient = NaruClient.builder().bootstrapServers(cluster.addresses()).build()) {
      var producer = patient.producer(Codec.utf8(), Codec.utf8()).idempotence(true).build();
      var sent = numbers(producer, "orders", 0, 1).get(0);
      var soon = Eventually.allowing("a silent leader is noticed", ofSeconds(1));
      soon.until("the old leader has it", () -> cluster.heldCount() == 1);
      cluster.moveLeader("orders", 0, 2);
      soon.until("the new leader has it", () -> cluster.heldCount() == 2);

      int before = cluster.metadataCalls();
      cluster.kill(1);
      soon.until("that was noticed", () -> cluster.metadataCalls() > before + 1);
      cluster.releaseHeld();

      assertThat(ackOf(sent).offset()).isZero();
      assertThat(cluster.produceRequests()).isEqualTo(2);
      assertThat(orders().duplicates()).isEqualTo(1);
    }
  }

  @Test
  void needsAnswersOfAllReplicas() {
    assertThat(
            catchThrowableOfType(NaruException.class, () -> idempotent().acks(Acks.LEADER).build())
                .code())
        .isEqualTo(ErrorCode.INVALID_CONFIG);
    assertThat(catchThrowableOfType(NaruException.class, () -> idempotent().maxInFlight(6).build()))
        .hasMessageContaining("at most 5 with enable.idempotence, but was 6");
  }
}
