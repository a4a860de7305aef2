package dev.naru.bench.versus.probe;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.admin.Admin;
import dev.naru.client.admin.NewTopic;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

/**
 * Says when a cluster takes records, how long it takes to make topics, or how many partitions have
 * all their replicas in sync. Its twin is {@code KafkaProbe}.
 *
 * <p>{@code first-ack SERVERS REPLICAS} prints {@code acked}. {@code topics SERVERS REPLICAS} makes
 * one after the other and prints {@code topic BEGUN DONE} for each, in milliseconds of the epoch.
 * {@code create SERVERS REPLICAS TOPICS PARTITIONS AT_ONCE} makes so many of them with each call,
 * waits for its answer before the next, and prints {@code created MILLIS}. {@code in-sync SERVERS
 * REPLICAS TOPIC} looks again and again, and prints {@code in-sync COUNT} whenever that has
 * changed.
 */
public final class NaruProbe {

  private static final Duration CALL_MAX = Duration.ofMinutes(2);
  private static final long PAUSE_MILLIS = 20;

  /** To describe thousands of partitions is work for a node that should have other things to do. */
  private static final long LOOK_AGAIN_MILLIS = 200;

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
    switch (args[0]) {
      case "first-ack" -> probe.awaitFirstAck();
      case "create" ->
          probe.create(
              Integer.parseInt(args[3]), Integer.parseInt(args[4]), Integer.parseInt(args[5]));
      case "in-sync" -> probe.watchInSync(args[3]);
      default -> probe.makeTopics();
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

  private void create(int topics, int partitions, int atOnce) throws InterruptedException {
    try (var naru = connect()) {
      create(naru.admin(), "before"); // connects
      long begun = System.nanoTime();
      var wanted =
          IntStream.range(0, topics)
              .mapToObj(i -> NewTopic.named("many-" + i).partitions(partitions))
              .map(topic -> topic.replicationFactor(replicas))
              .toList();
      for (int from = 0; from < topics; from += atOnce) {
        var some = wanted.subList(from, Math.min(topics, from + atOnce));
        naru.admin().createTopics(some).forEach(CompletableFuture::join);
      }
      System.out.println("created " + (System.nanoTime() - begun) / 1e6);
    }
  }

  private void watchInSync(String topic) throws InterruptedException {
    try (var naru = connect()) {
      long last = -1;
      while (true) {
        long now = inSync(naru.admin(), topic);
        if (now >= 0 && now != last) {
          System.out.println("in-sync " + now);
          last = now;
        }
        Thread.sleep(LOOK_AGAIN_MILLIS);
      }
    }
  }

  /** Less than 0 while nobody answers. */
  private long inSync(Admin admin, String topic) {
    try {
      return admin.describeTopic(topic).join().partitions().stream()
          .filter(partition -> partition.isr().size() == replicas)
          .count();
    } catch (CompletionException e) {
      return -1;
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
