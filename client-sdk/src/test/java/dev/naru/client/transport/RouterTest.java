package dev.naru.client.transport;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.ClientConfig;
import dev.naru.client.fake.FakeCluster;
import dev.naru.testing.Eventually;
import dev.naru.testing.Seeds;
import dev.naru.types.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RouterTest {

  private final FakeCluster cluster = FakeCluster.of(3);
  private final Channels channels = new Channels("", Thread::new);
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void close() {
    thread.shutdownNow();
    channels.close();
    cluster.close();
  }

  private Router router(Duration maxAge, Duration maxIdle, HostPort... bootstrap) {
    var defaults = ClientConfig.DEFAULTS;
    var config =
        new ClientConfig(
            List.of(bootstrap),
            "",
            defaults.security(),
            defaults.requestTimeout(),
            defaults.retryBackoff(),
            defaults.retryBackoffMax(),
            maxAge,
            maxIdle,
            defaults.connectionInflightBytes());
    var loop = new ClientLoop(thread, System::nanoTime);
    return new Router(config, new MetadataCalls(channels), loop, Seeds.random(1));
  }

  private Router router() {
    return router(ofMinutes(5), ofMinutes(5), cluster.address(1));
  }

  private static void await(Router router, String topic) {
    router.topic(topic, TimeUnit.SECONDS.toNanos(10)).join();
  }

  @Test
  @Tag("S99")
  @Tag("S129")
  void asksAgainWhenTheViewHasGrownOld() {
    cluster.createTopic("orders", 1);
    var router = router(ofMillis(100), ofMinutes(5), cluster.address(1));
    await(router, "orders");
    int before = cluster.metadataCalls();

    Eventually.allowing("three times the age", ofMillis(300))
        .until("it has asked three times", () -> cluster.metadataCalls() >= before + 3);
  }

  @Test
  @Tag("S100")
  @Tag("S130")
  void forgetsATopicThatNobodyUsesAndFindsItAgainOnUse() {
    cluster.createTopic("orders", 1);
    var router = router(ofMinutes(5), ofSeconds(5), cluster.address(1));
    await(router, "orders");

    Eventually.allowing("the idle time and half of it", ofMillis(7500))
        .until("the topic is forgotten", () -> router.view().topic("orders").isEmpty());

    await(router, "orders");
    assertThat(router.view().topic("orders")).isPresent();
  }

  @Test
  @Tag("S98")
  void asksTheOtherNodesOnceItKnowsThem() {
    cluster.createTopic("orders", 1);
    cluster.createTopic("bills", 1);
    var router = router();
    await(router, "orders");

    cluster.kill(1);
    await(router, "bills");

    assertThat(router.view().topic("bills")).isPresent();
  }

  @Test
  void believesNoNodeThatLags() {
    cluster.createTopic("orders", 1);
    var router = router();
    await(router, "orders");
    long index = router.view().metadataIndex();

    cluster.lag(1);
    cluster.lag(2);
    int before = cluster.metadataCalls();
    for (int i = 0; i < 5; i++) {
      router.refresh();
    }
    Eventually.allowing("a few calls", ofSeconds(1))
        .until("it has asked around", () -> cluster.metadataCalls() > before + 1);

    assertThat(router.view().metadataIndex()).isEqualTo(index);
    assertThat(router.view().topic("orders")).isPresent();
  }

  @Test
  void waitsForATopicThatIsCreatedThisMoment() {
    cluster.createTopic("other", 1);
    var router = router();
    await(router, "other");
    int before = cluster.metadataCalls();

    var waiting = router.topic("orders", TimeUnit.SECONDS.toNanos(10));
    Eventually.allowing("a call", ofSeconds(1))
        .until("a node has never heard of it", () -> cluster.metadataCalls() > before);
    cluster.createTopic("orders", 2);

    assertThat(waiting.join().partitionCount()).isEqualTo(2);
  }

  @Test
  void knowsPartitionsThatWereAddedSinceItWasAsked() {
    cluster.createTopic("orders", 1);
    var router = router();
    await(router, "orders");

    cluster.addPartitions("orders", 3);
    var since = router.topicSince("orders", System.nanoTime(), TimeUnit.SECONDS.toNanos(10));

    assertThat(since.join().partitionCount()).isEqualTo(3);
  }
}
