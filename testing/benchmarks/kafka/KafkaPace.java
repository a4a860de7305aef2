import dev.naru.bench.versus.probe.Arrivals;
import dev.naru.bench.versus.probe.Pacing;
import dev.naru.bench.versus.probe.StampedValues;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A producer that sends at a steady rate, or a consumer in a group that tells how long that takes to
 * reach it, with Kafka's client. The script {@code versus-kafka} compiles it, beside Naru's build, which
 * need not know Kafka; its twin is {@code NaruPace}, which says what it is told and prints, and whose
 * measuring it shares.
 */
final class KafkaPace {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final long SILENCE_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);

  public static void main(String[] args) {
    var properties = new Properties();
    properties.put("bootstrap.servers", args[1]);
    if (args[0].equals("read")) {
      properties.putAll(Map.of("group.id", "pace-" + args[2], "auto.offset.reset", "earliest"));
      var arrivals = new Arrivals(Integer.parseInt(args[4]), Integer.parseInt(args[5]));
      read(properties, args[2], Integer.parseInt(args[3]), arrivals);
    } else {
      properties.put("acks", "all");
      var values = StampedValues.of(Path.of(args[5]));
      send(properties, args[2], Double.parseDouble(args[3]), Long.parseLong(args[4]), values);
    }
  }

  private static void read(Properties properties, String topic, int partitions, Arrivals arrivals) {
    var bytes = new ByteArrayDeserializer();
    try (var consumer = new KafkaConsumer<>(properties, bytes, bytes)) {
      consumer.subscribe(List.of(topic));
      boolean isReady = false;
      long heardNanos = System.nanoTime();
      while (!arrivals.areComplete()) {
        var records = consumer.poll(POLL);
        long nowNanos = System.nanoTime();
        records.forEach(record -> arrivals.take(record.value(), nowNanos));
        if (!isReady && consumer.assignment().size() == partitions) {
          isReady = true;
          System.out.println("ready");
        }
        heardNanos = records.isEmpty() ? heardNanos : nowNanos;
        if (nowNanos - heardNanos > SILENCE_NANOS_MAX) {
          throw new IllegalStateException(
              "Expected more records, but after " + arrivals.count() + " none came for a minute");
        }
      }
      System.out.println(arrivals.summary());
    }
  }

  private static void send(
      Properties properties, String topic, double perSecond, long records, StampedValues values) {
    var bytes = new ByteArraySerializer();
    try (var producer = new KafkaProducer<>(properties, bytes, bytes)) {
      Pacing.run(
          perSecond,
          records,
          (number, dueNanos) ->
              producer.send(
                  new ProducerRecord<>(topic, values.value(number, dueNanos)),
                  (metadata, failure) -> {
                    if (failure != null) {
                      System.out.println("not stored: " + failure);
                    }
                  }));
      producer.flush();
    }
  }
}
