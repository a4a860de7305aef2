package dev.naru.client;

import static dev.naru.client.Configured.ackOf;
import static dev.naru.client.Configured.defaults;
import static dev.naru.client.Configured.failureOf;
import static dev.naru.client.Configured.record;
import static dev.naru.client.Configured.records;
import static dev.naru.client.Configured.refuses;
import static dev.naru.client.Configured.warmUp;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.client.fake.Reaction;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The settings of clients and producers that have a number, each by its name: what holds if it is
 * left out, what is refused and with which words, and what it does.
 */
class SettingsConformanceTest {

  private final Configured configured = new Configured();

  @AfterEach
  void close() {
    configured.close();
  }

  private static Duration since(long startedNanos) {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  @Test
  @Tag("S121")
  void bootstrapServers() {
    configured.cluster().createTopic("orders", 1);
    assertThat(
            catchThrowableOfType(
                NaruException.class, () -> NaruClient.fromProperties(new Properties())))
        .hasMessage(
            "Expected bootstrap.servers to be host:port pairs separated by commas, but was empty");
    refuses(
        "Expected bootstrap.servers to be host:port pairs separated by commas, but was n1",
        "bootstrap.servers",
        "n1");

    String mixed = "127.0.0.1:1," + configured.cluster().address(3);
    var oneLives = configured.producer("bootstrap.servers", mixed);
    var noneLives = configured.producer("bootstrap.servers", "127.0.0.1:1", "max.block.ms", "300");

    assertThat(ackOf(oneLives.send(record(0, "a"))).offset()).isZero();
    Eventually.allowing("a connection to be refused", ofSeconds(1))
        .untilAsserted(
            "it is known why there is no metadata",
            () ->
                assertThat(failureOf(noneLives.send(record(0, "a"))).code())
                    .isEqualTo(ErrorCode.BOOTSTRAP_UNREACHABLE));
  }

  @Test
  @Tag("S122")
  void acks() {
    configured.cluster().createTopic("orders", 1);
    assertThat(defaults().producer().acks()).isEqualTo(Acks.ALL);
    refuses("Expected acks to be 0, 1 or all, but was 7", "acks", "7");
    refuses(
        "Expected acks to be all with enable.idempotence, but was 1",
        "enable.idempotence",
        "true",
        "acks",
        "1");
    var asked = Collections.synchronizedList(new ArrayList<String>());
    configured
        .cluster()
        .onProduce((node, request) -> {
          asked.add(request.getAcks().name());
          return Reaction.accept();
        });

    for (String acks : List.of("1", "all", "-1", "0")) {
      var ack = ackOf(configured.producer("acks", acks).send(record(0, "a")));
      assertThat(ack.hasOffset()).isEqualTo(!acks.equals("0"));
    }

    Eventually.allowing("the way to the leader", ofSeconds(2))
        .until("all have come", () -> asked.size() == 4);
    assertThat(asked).containsExactly("ACKS_LEADER", "ACKS_ALL", "ACKS_ALL", "ACKS_NONE");
  }

  @Test
  @Tag("S123")
  void bufferMemory() {
    configured.cluster().createTopic("orders", 1);
    assertThat(defaults().producer().bufferMemory()).isEqualTo(33_554_432);
    refuses("Expected buffer.memory to be at least 1, but was 0", "buffer.memory", "0");
    refuses(
        "Expected batch.size to be 0 to 1000 (buffer.memory), but was 16384",
        "buffer.memory",
        "1000");
    var producer =
        configured.producer("buffer.memory", "8KiB", "batch.size", "1KiB", "max.block.ms", "300");
    warmUp(producer, 0);
    configured.cluster().onProduce((node, request) -> Reaction.hold());

    var sent = new ArrayList<CompletableFuture<RecordAck>>();
    do {
      sent.add(producer.send(record(0, "x".repeat(500))));
    } while (!sent.get(sent.size() - 1).isCompletedExceptionally());

    assertThat(sent).hasSizeBetween(8, 17);
    assertThat(failureOf(sent.get(sent.size() - 1)))
        .isInstanceOf(BufferExhaustedException.class)
        .hasMessageContaining("buffer.memory (8192 bytes)");
  }

  @Test
  @Tag("S124")
  void batchSize() {
    configured.cluster().createTopic("orders", 2);
    assertThat(defaults().producer().batchSize()).isEqualTo(16_384);
    refuses(
        "Expected batch.size to be 0 to 33554432 (buffer.memory), but was -1", "batch.size", "-1");
    refuses(
        "Expected batch.size to be 0 to 33554432 (buffer.memory), but was 33554433",
        "batch.size",
        "33554433");

    var singly = configured.producer("batch.size", "0", "linger.ms", "50");
    var together = configured.producer("batch.size", "1000", "linger.ms", "5000");
    warmUp(together, 1); // connected, so that no batch has to grow
    for (int i = 0; i < 3; i++) {
      var _ = singly.send(record(0, "x".repeat(300)));
      var _ = together.send(record(1, "x".repeat(300)));
    }
    singly.flush();
    together.flush();

    assertThat(configured.cluster().partition("orders", 0).batchSizes()).containsExactly(1, 1, 1);
    assertThat(configured.cluster().partition("orders", 1).batchSizes()).containsExactly(1, 2, 1);
  }

  @Test
  @Tag("S125")
  void lingerMs() {
    configured.cluster().createTopic("orders", 1);
    assertThat(defaults().producer().linger()).isZero();
    refuses("Expected linger.ms to be 0 to 2147483647, but was -1", "linger.ms", "-1");
    var producer = configured.producer("linger.ms", "500");
    warmUp(producer, 0);

    long started = System.nanoTime();
    var first = producer.send(record(0, "a"));
    var second = producer.send(record(0, "b"));
    ackOf(first);
    ackOf(second);

    assertThat(since(started)).isGreaterThanOrEqualTo(ofMillis(500));
    assertThat(configured.cluster().partition("orders", 0).batchSizes()).containsExactly(1, 2);
  }

  @Test
  @Tag("S126")
  void maxBlockMs() {
    configured.cluster().createTopic("orders", 1);
    assertThat(defaults().producer().maxBlock()).isEqualTo(ofMinutes(1));
    refuses("Expected max.block.ms to be at least 0, but was -5", "max.block.ms", "-5");
    for (int node = 1; node <= 3; node++) {
      configured.cluster().hang(node, true);
    }

    long started = System.nanoTime();
    var sent = configured.producer("max.block.ms", "300").send(record(0, "a"));

    assertThat(since(started)).isBetween(ofMillis(300), ofSeconds(30));
    assertThat(sent).isCompletedExceptionally();
  }

  @Test
  @Tag("S127")
  void retries() {
    configured.cluster().createTopic("orders", 1);
    assertThat(defaults().producer().retries()).isEqualTo(2_147_483_647);
    refuses("Expected retries to be at least 0, but was -1", "retries", "-1");
    refuses("Expected retries to be a number up to 2147483647, but was many", "retries", "many");

    for (int retries = 0; retries <= 2; retries++) {
      var producer = configured.producer("retries", Integer.toString(retries));
      refuseOnce(retries);
      assertThat(ackOf(producer.send(record(0, "a"))).hasOffset()).isTrue();
      refuseOnce(retries + 1);
      assertThat(failureOf(producer.send(record(0, "a"))).code())
          .isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
    }
  }

  /** The next so many batches. */
  private void refuseOnce(int times) {
    var left = new AtomicInteger(times);
    configured
        .cluster()
        .onProduce((node, request) ->
            left.getAndDecrement() > 0
                ? Reaction.refuse(ErrorCode.NOT_ENOUGH_REPLICAS)
                : Reaction.accept());
  }

  @Test
  @Tag("S128")
  void deliveryTimeoutMs() {
    configured.cluster().createTopic("orders", 1);
    configured.cluster().removeLeader("orders", 0);
    assertThat(defaults().producer().deliveryTimeout()).isEqualTo(ofMinutes(2));
    refuses(
        "Expected delivery.timeout.ms to be at least linger.ms + request.timeout.ms (0 + 30000), but was 1000",
        "delivery.timeout.ms",
        "1000");
    var producer = configured.producer("request.timeout.ms", "300", "delivery.timeout.ms", "400");

    long started = System.nanoTime();
    var failure = failureOf(producer.send(record(0, "a")));

    assertThat(failure.code()).isEqualTo(ErrorCode.DELIVERY_TIMEOUT);
    assertThat(failure).hasMessageContaining("delivery.timeout.ms (400)");
    assertThat(since(started)).isBetween(ofMillis(400), ofSeconds(30));
  }

  @Test
  @Tag("S129")
  void metadataMaxAgeMs() {
    configured.cluster().createTopic("orders", 1);
    assertThat(defaults().client().metadataMaxAge()).isEqualTo(ofMinutes(5));
    refuses(
        "Expected metadata.max.age.ms to be at least 0, but was -1", "metadata.max.age.ms", "-1");

    ackOf(configured.producer("metadata.max.age.ms", "100").send(record(0, "a")));
    int before = configured.cluster().metadataCalls();

    Eventually.allowing("three times the age", ofSeconds(1))
        .until(
            "it has asked three times", () -> configured.cluster().metadataCalls() >= before + 3);
  }

  @Test
  @Tag("S130")
  void metadataMaxIdleMs() {
    configured.cluster().createTopic("orders", 1);
    assertThat(defaults().client().metadataMaxIdle()).isEqualTo(ofMinutes(5));
    refuses(
        "Expected metadata.max.idle.ms to be at least 5000, but was 4999",
        "metadata.max.idle.ms",
        "4999");
    var producer =
        configured.producer("metadata.max.idle.ms", "5000", "metadata.max.age.ms", "100");

    long started = System.nanoTime();
    ackOf(producer.send(records(1)));
    assertThat(configured.cluster().askedTopics()).containsExactly("orders");
    Eventually.allowing("the idle time and half of it", ofMillis(7700))
        .until("nobody asks for the topic", () -> configured.cluster().askedTopics().isEmpty());

    assertThat(since(started)).isGreaterThan(ofSeconds(5));
    assertThat(ackOf(producer.send(record(0, "b"))).offset()).isEqualTo(1);
  }
}
