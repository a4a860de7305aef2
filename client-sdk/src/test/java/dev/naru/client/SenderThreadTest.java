package dev.naru.client;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who does the work of a client. */
class SenderThreadTest {

  private final Configured configured = new Configured();

  @AfterEach
  void close() {
    configured.close();
  }

  @Test
  @Tag("S64")
  void sendDoesNoNetworkWork() {
    configured.cluster().createTopic("orders", 3);
    long before = senders();
    var client = configured.client();
    var producers =
        List.of(
            client.producer(Codec.utf8(), Codec.utf8()).build(),
            client.producer(Codec.utf8(), Codec.utf8()).linger(ofMillis(5)).build());
    for (var producer : producers) {
      Configured.ackOf(producer.send(Configured.record(0, "warm up")));
    }
    for (int node = 1; node <= 3; node++) {
      configured.cluster().kill(node);
    }

    var sent = new ArrayList<CompletableFuture<RecordAck>>();
    long started = System.nanoTime();
    for (int i = 0; i < 10_000; i++) {
      sent.add(producers.get(i % 2).send(Configured.record(i % 3, "a")));
    }

    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(ofSeconds(20));
    assertThat(sent).noneMatch(CompletableFuture::isDone);
    assertThat(senders() - before).isEqualTo(1);
    producers.forEach(producer -> producer.close(Duration.ZERO));
  }

  private static long senders() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("naru-sender"))
        .count();
  }
}
