package dev.naru.client;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.fake.Reaction;
import dev.naru.client.producer.Producer;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What several threads close at once ends for all of them. */
class ClosingTest {

  private final Configured configured = new Configured();

  @AfterEach
  void close() {
    configured.close();
  }

  /** Nobody answers what it sends. */
  private Producer<String, String> unanswered(NaruClient client) {
    configured.cluster().createTopic("orders", 1);
    configured.cluster().onProduce((node, request) -> Reaction.ignore());
    return client.producer(Codec.utf8(), Codec.utf8()).build();
  }

  private NaruClient client(Duration delivery) {
    return configured.client(
        "linger.ms", "0",
        "request.timeout.ms", "300",
        "delivery.timeout.ms", Long.toString(delivery.toMillis()));
  }

  private static Thread closing(Producer<String, String> producer, Duration limit) {
    var thread = Thread.ofPlatform().daemon().start(() -> producer.close(limit));
    Eventually.allowing("a thread to begin", ofSeconds(1))
        .until("it closes", () -> isClosed(producer));
    return thread;
  }

  private static boolean isClosed(Producer<String, String> producer) {
    try {
      producer.send(ProducerRecord.of("orders", "late")).cancel(false);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  @Test
  void aClientWaitsForAProducerThatIsBeingClosed() throws InterruptedException {
    var client = client(ofSeconds(1));
    var producer = unanswered(client);
    var sent = producer.send(Configured.record(0, "a"));
    var closes = closing(producer, ofMinutes(1));

    client.close();

    assertThat(Configured.failureOf(sent).code()).isEqualTo(ErrorCode.DELIVERY_TIMEOUT);
    assertThat(closes.join(ofSeconds(10))).as("the other one has closed it").isTrue();
  }

  @Test
  void aClientThatCannotWaitLeavesNoRecordWithoutAnOutcome() throws InterruptedException {
    var client = client(ofMinutes(2));
    var producer = unanswered(client);
    var sent = producer.send(Configured.record(0, "a"));
    var closes = closing(producer, ofMinutes(1));

    Thread.currentThread().interrupt();
    client.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(Configured.failureOf(sent)).isInstanceOf(NaruTimeoutException.class);
    assertThat(closes.join(ofSeconds(10))).as("the other one has closed it").isTrue();
  }

  @Test
  void aCallbackMayCloseTheClient() {
    var client = client(ofMinutes(2));
    var producer = unanswered(client);
    configured
        .cluster()
        .onProduce(
            (node, request) -> request.getPartition() == 0 ? Reaction.accept() : Reaction.ignore());
    configured.cluster().addPartitions("orders", 2);
    var waits = producer.send(Configured.record(1, "a"));
    var closed = new CompletableFuture<Boolean>();
    producer.send(
        Configured.record(0, "b"),
        (ack, failure) -> {
          client.close();
          closed.complete(true);
        });

    assertThat(Configured.ackOf(closed)).isTrue();
    assertThat(Configured.failureOf(waits)).isInstanceOf(NaruTimeoutException.class);
    assertThatThrownBy(() -> producer.send(Configured.record(0, "c")))
        .isInstanceOf(IllegalStateException.class);
  }
}
