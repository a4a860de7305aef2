package dev.naru.bench.versus.probe;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.admin.Admin;
import dev.naru.client.admin.NewTopic;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletionException;

/**
 * Says when a cluster takes records, or how long it takes to make a topic, again and again. Its
 * twin is {@code KafkaProbe}.
 *
 * <p>{@code first-ack SERVERS REPLICAS} prints {@code acked}; {@code topics SERVERS REPLICAS}
 * prints {@code topic BEGUN DONE} for each, in milliseconds of the epoch.
 */
public final class NaruProbe {

  private static final Duration CALL_MAX = Duration.ofMinutes(2);
  private static final long PAUSE_MILLIS = 20;

  private final String servers;
  private final int replicas;

  private NaruProbe(String servers, String replicas) {
    this.servers = servers;
    this.replicas = Integer.parseInt(replicas);
  }

  /** Runs until it has its answer, or until it is told to end. */
  public static void main(String[] args) throws InterruptedException {
    var probe = new NaruProbe(args[1], args[2]);
    System.out.println("ready");
    if (args[0].equals("first-ack")) {
      probe.awaitFirstAck();
    } else {
      probe.makeTopics();
    }
  }

  private void awaitFirstAck() throws InterruptedException {
    try (var naru = connect()) {
      create(naru.admin(), "first-ack");
      try (var producer = naru.producer(Codec.bytes(), Codec.bytes()).build()) {
        producer.send(ProducerRecord.of("first-ack", null, new byte[100])).join();
        System.out.println("acked");
      }
    }
  }

  private void makeTopics() throws InterruptedException {
    try (var naru = connect()) {
      for (int i = 0; true; i++) {
        long begun = System.currentTimeMillis();
        create(naru.admin(), "probe-" + i);
        System.out.println("topic " + begun + " " + System.currentTimeMillis());
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }

  private NaruClient connect() {
    var properties = new Properties();
    properties.put("bootstrap.servers", servers);
    return NaruClient.fromProperties(properties);
  }

  private void create(Admin admin, String name) throws InterruptedException {
    long deadline = System.nanoTime() + CALL_MAX.toNanos();
    while (true) {
      try {
        admin.createTopic(NewTopic.named(name).partitions(1).replicationFactor(replicas)).join();
        return;
      } catch (CompletionException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }
}
