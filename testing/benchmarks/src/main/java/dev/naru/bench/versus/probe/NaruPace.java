package dev.naru.bench.versus.probe;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * A producer that sends at a steady rate, or a consumer in a group that tells how long that takes
 * to reach it. Its twin is {@code KafkaPace}. Settings are each system's own, but acks=all and
 * auto.offset.reset=earliest.
 *
 * <p>{@code read SERVERS TOPIC PARTITIONS WARMUP COUNTED} prints {@code ready} once it has all
 * partitions, and when the last record has come a line of JSON. {@code send SERVERS TOPIC
 * PER_SECOND RECORDS VALUES} sends, and ends when all is acknowledged.
 */
public final class NaruPace {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final long SILENCE_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);

  private NaruPace() {}

  /** Runs one of the two to its end. */
  public static void main(String[] args) {
    var properties = new Properties();
    properties.put("bootstrap.servers", args[1]);
    properties.put("acks", "all");
    properties.put("group.id", "pace-" + args[2]);
    properties.put("auto.offset.reset", "earliest");
    try (var naru = NaruClient.fromProperties(properties)) {
      if (args[0].equals("read")) {
        var arrivals = new Arrivals(Integer.parseInt(args[4]), Integer.parseInt(args[5]));
        read(naru, args[2], Integer.parseInt(args[3]), arrivals);
      } else {
        var values = StampedValues.of(Path.of(args[5]));
        send(naru, args[2], Double.parseDouble(args[3]), Long.parseLong(args[4]), values);
      }
    }
  }

  private static void read(NaruClient naru, String topic, int partitions, Arrivals arrivals) {
    try (var consumer = naru.consumer(Codec.bytes(), Codec.bytes()).build()) {
      consumer.subscribe(topic);
      boolean isReady = false;
      long heardNanos = System.nanoTime();
      while (!arrivals.areComplete()) {
        var records = consumer.poll(POLL);
        long nowNanos = System.nanoTime();
        for (var record : records) {
          var value = record.value();
          if (value != null) {
            arrivals.take(value, nowNanos);
          }
        }
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
      NaruClient naru, String topic, double perSecond, long records, StampedValues values) {
    try (var producer = naru.producer(Codec.bytes(), Codec.bytes()).build()) {
      Pacing.run(
          perSecond,
          records,
          (number, dueNanos) ->
              producer.send(
                  ProducerRecord.of(topic, values.value(number, dueNanos)),
                  (ack, failure) -> {
                    if (failure != null) {
                      System.out.println("not stored: " + failure);
                    }
                  }));
      producer.flush();
    }
  }
}
