package dev.naru.client;

import static dev.naru.client.Configured.ackOf;
import static dev.naru.client.Configured.record;
import static dev.naru.client.Configured.warmUp;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.fake.Reaction;
import dev.naru.testing.Eventually;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who holds up whom on the connections of one client: nobody. */
class FlowTest {

  private static final int VALUE_BYTES = 1000;

  private final Configured configured = new Configured();

  @AfterEach
  void close() {
    configured.close();
  }

  @Test
  @Tag("S74")
  void keepsSoMuchUnansweredAndNoMoreOnTheWayToANode() {
    configured.cluster().createTopic("orders", 6); // two of them led by the same node
    var producer = configured.producer("connection.inflight.bytes", "5000", "batch.size", "0");
    warmUp(producer, 0); // the first one of each goes alone, whatever the limit
    warmUp(producer, 3);
    var most = new AtomicLong();
    configured
        .cluster()
        .onProduce((node, request) -> {
          most.accumulateAndGet(configured.cluster().heldCount() + 1, Math::max);
          return Reaction.hold();
        });

    var sent = new ArrayList<CompletableFuture<RecordAck>>();
    for (int i = 0; i < 100; i++) {
      sent.add(producer.send(record(3 * (i % 2), "x".repeat(VALUE_BYTES))));
    }
    Eventually.allowing("a way to the node", ofSeconds(1))
        .until("there are as many as may be", () -> configured.cluster().heldCount() == 5);
    Eventually.allowing("answers", ofSeconds(2))
        .until(
            "all are answered",
            () -> {
              configured.cluster().releaseHeld();
              return sent.stream().allMatch(CompletableFuture::isDone);
            });

    sent.forEach(Configured::ackOf);
    assertThat(most).hasValue(5); // the last one exceeds the limit, as it begins below it
  }

  @Test
  @Tag("S74")
  void aStalledConsumerDoesNotStopAProducer() {
    configured.cluster().createTopic("orders", 1);
    var client = configured.client("fetch.max.bytes", "100KiB");
    var producer = client.producer(Codec.utf8(), Codec.utf8()).build();
    for (int i = 0; i < 5_000; i++) {
      var _ = producer.send(record(0, "x".repeat(VALUE_BYTES)));
    }
    producer.flush();
    try (var consumer = client.consumer(Codec.utf8(), Codec.utf8()).build()) {
      var partition = new TopicPartition("orders", 0);
      consumer.assign(partition);
      consumer.seek(partition, 0);
      assertThat(consumer.poll(ofSeconds(10))).isNotEmpty(); // and never again

      for (int i = 0; i < 5_000; i++) {
        ackOf(producer.send(record(0, "x".repeat(VALUE_BYTES))));
      }

      assertThat(configured.cluster().partition("orders", 0).end()).isEqualTo(10_000);
      assertThat(consumer.position(partition)).isLessThan(5_000);
    }
  }
}
