import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Says when a cluster takes records, how long it takes to make topics, or how many partitions have
 * all their replicas in sync. Kafka's own tools have nothing of the kind. Run from its source on the
 * class path of Kafka's tools, so that Naru's build need not know Kafka; its twin is {@code
 * NaruProbe}, which says what it prints.
 */
final class KafkaProbe {

  private static final Duration CALL_MAX = Duration.ofMinutes(2);

  private final Properties properties = new Properties();
  private final short replicas;

  private KafkaProbe(String servers, String replicas) {
    this.replicas = Short.parseShort(replicas);
    // Retries as soon as Naru's client does; by default it would lose up to a second each time.
    properties.putAll(
        Map.of(
            "bootstrap.servers", servers,
            "retry.backoff.ms", 20,
            "retry.backoff.max.ms", 100,
            "reconnect.backoff.ms", 20,
            "reconnect.backoff.max.ms", 100,
            "acks", "all"));
  }

  public static void main(String[] args) throws InterruptedException {
    var probe = new KafkaProbe(args[1], args[2]);
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
    try (var admin = Admin.create(properties)) {
      create(admin, "first-ack");
    }
    var bytes = new ByteArraySerializer();
    try (var producer = new KafkaProducer<>(properties, bytes, bytes)) {
      producer.send(new ProducerRecord<>("first-ack", new byte[100])).get();
      System.out.println("acked");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void makeTopics() throws InterruptedException {
    try (var admin = Admin.create(properties)) {
      for (int i = 0; true; i++) {
        long begun = System.currentTimeMillis();
        create(admin, "probe-" + i);
        System.out.println("topic " + begun + " " + System.currentTimeMillis());
        Thread.sleep(20);
      }
    }
  }

  private void create(int topics, int partitions, int atOnce) throws InterruptedException {
    try (var admin = Admin.create(properties)) {
      create(admin, "before"); // connects
      long begun = System.nanoTime();
      var all =
          IntStream.range(0, topics)
              .mapToObj(i -> new NewTopic("many-" + i, Optional.of(partitions), Optional.of(replicas)))
              .toList();
      for (int from = 0; from < topics; from += atOnce) {
        admin.createTopics(all.subList(from, Math.min(topics, from + atOnce))).all().get();
      }
      System.out.println("created " + (System.nanoTime() - begun) / 1e6);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void watchInSync(String topic) throws InterruptedException {
    try (var admin = Admin.create(properties)) {
      long last = -1;
      while (true) {
        long now = inSync(admin, topic);
        if (now >= 0 && now != last) {
          System.out.println("in-sync " + now);
          last = now;
        }
        Thread.sleep(200); // describing thousands of partitions is work for a node
      }
    }
  }

  private long inSync(Admin admin, String topic) throws InterruptedException {
    try {
      var described = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
      return described.partitions().stream()
          .filter(partition -> partition.isr().size() == replicas)
          .count();
    } catch (ExecutionException e) {
      return -1;
    }
  }

  private void create(Admin admin, String name) throws InterruptedException {
    long deadline = System.nanoTime() + CALL_MAX.toNanos();
    while (true) {
      try {
        var topic = new NewTopic(name, Optional.of(1), Optional.of(replicas));
        admin.createTopics(List.of(topic)).all().get();
        return;
      } catch (ExecutionException e) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(e);
        }
        Thread.sleep(20);
      }
    }
  }
}
