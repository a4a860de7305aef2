package dev.naru.stories;

import static java.util.Objects.requireNonNull;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.ProxyNetwork;
import dev.naru.client.BufferExhaustedException;
import dev.naru.client.ClientMetric;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.producer.Producer;
import dev.naru.testing.history.Payload;
import dev.naru.testing.history.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** All nodes stand still, and a producer goes on sending until it has no room for one more. */
final class FullBuffer implements Story {

  private static final String TOPIC = "full";
  private static final int PARTITIONS = 3;
  private static final int BUFFER_BYTES = 1 << 20;
  private static final Duration BLOCK = Duration.ofSeconds(2);
  private static final long LATE_MILLIS_MAX = 500;
  private static final int RECORD_BYTES = 1 << 10;
  private static final int BEFORE = 100;

  /** Far more than fit. */
  private static final int SENDS_MAX = 10 * BUFFER_BYTES / RECORD_BYTES;

  private static final Duration ANSWERS = Duration.ofMinutes(3);

  /** What the producer was told. */
  private static final class Told {
    final List<CompletableFuture<RecordAck>> accepted = new ArrayList<>();
    Optional<NaruException> failure = Optional.empty();
    long blockedMillis = -1;
    long heldMax;
  }

  @Override
  public String number() {
    return "A-9";
  }

  @Override
  public String title() {
    return "A producer whose buffer is full waits, says which setting to change, and loses nothing";
  }

  @Override
  public Verdict play(Path directory, Teller teller) throws IOException {
    try (var cluster =
            ChaosCluster.start(
                directory, Layout.allVote(3), new ProxyNetwork(), Optional.empty(), false, "");
        var client = cluster.client()) {
      client
          .admin()
          .createTopic(NewTopic.named(TOPIC).partitions(PARTITIONS).replicationFactor(3))
          .join();
      var _ = cluster.awaitInSync(client, TOPIC, ANSWERS);
      var told = new Told();
      try (var producer =
          client
              .producer(Codec.bytes(), Codec.bytes())
              .bufferMemory(BUFFER_BYTES)
              .maxBlock(BLOCK)
              .build()) {
        for (int i = 0; i < BEFORE; i++) {
          told.accepted.add(send(producer, i));
        }
        producer.flush();
        teller.say("%d records are acknowledged", BEFORE);
        cluster.hosts().forEach(host -> host.process().pause());
        teller.say("all nodes are stopped (SIGSTOP)");
        sendUntilFull(client, producer, told);
        teller.say(
            "record %d failed after %d ms: %s",
            told.accepted.size(),
            told.blockedMillis,
            told.failure.map(Throwable::getMessage).orElse("nothing"));
        cluster.hosts().forEach(host -> host.process().resume());
        teller.say("all nodes go on");
        long refused = told.accepted.stream().filter(each -> !isAcknowledged(each)).count();
        teller.say("%d records were accepted, of which %d failed", told.accepted.size(), refused);
      }
      return judge(told, read(client));
    }
  }

  private static CompletableFuture<RecordAck> send(Producer<byte[], byte[]> producer, int number) {
    return producer.send(ProducerRecord.of(TOPIC, Payload.of(new Value(0, number), RECORD_BYTES)));
  }

  private static void sendUntilFull(
      NaruClient client, Producer<byte[], byte[]> producer, Told told) {
    while (told.failure.isEmpty() && told.accepted.size() < SENDS_MAX) {
      long began = System.nanoTime();
      var answer = send(producer, told.accepted.size());
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      long free = client.metrics().value(ClientMetric.PRODUCER_BUFFER_AVAILABLE);
      told.heldMax = Math.max(told.heldMax, BUFFER_BYTES - free);
      if (answer.isCompletedExceptionally()) {
        told.failure = failure(answer);
        told.blockedMillis = millis;
      } else {
        told.accepted.add(answer);
      }
    }
  }

  private static Optional<NaruException> failure(CompletableFuture<RecordAck> answer) {
    try {
      answer.join();
      return Optional.empty();
    } catch (CompletionException e) {
      return Optional.ofNullable(e.getCause())
          .filter(NaruException.class::isInstance)
          .map(NaruException.class::cast);
    }
  }

  private static boolean isAcknowledged(CompletableFuture<RecordAck> answer) {
    try {
      answer.orTimeout(ANSWERS.toMillis(), TimeUnit.MILLISECONDS).join();
      return true;
    } catch (CompletionException e) {
      return false;
    }
  }

  /** What stands in the log. */
  private record Stored(long distinct, long duplicates, long reordered) {}

  private static Stored read(NaruClient client) {
    var places =
        IntStream.range(0, PARTITIONS).mapToObj(each -> new TopicPartition(TOPIC, each)).toList();
    var seen = new TreeSet<Integer>();
    var last = new HashMap<Integer, Integer>();
    long records = 0;
    long reordered = 0;
    try (var consumer = client.consumer(Codec.bytes(), Codec.bytes()).build()) {
      consumer.assign(places);
      consumer.seekToBeginning(places.toArray(TopicPartition[]::new));
      consumer.readUntil(Position.end());
      while (!consumer.isAtStop()) {
        for (var rec : consumer.poll(Duration.ofSeconds(1))) {
          int number = Payload.read(requireNonNull(rec.value())).orElseThrow().sequence();
          seen.add(number);
          records++;
          var before = last.put(rec.partition(), number);
          reordered += before != null && before > number ? 1 : 0;
        }
      }
    }
    return new Stored(seen.size(), records - seen.size(), reordered);
  }

  private static Verdict judge(Told told, Stored stored) {
    long latest = BLOCK.toMillis() + LATE_MILLIS_MAX;
    return new Verdict()
        .expect(
            "blocked_ms",
            told.blockedMillis,
            "from %d to %d".formatted(BLOCK.toMillis(), latest),
            millis -> millis >= BLOCK.toMillis() && millis <= latest)
        .expect(
            "code",
            told.failure.map(each -> each.code().toString()).orElse("none"),
            "BUFFER_EXHAUSTED")
        .expect(
            "exception",
            told.failure.map(each -> each.getClass().getSimpleName()).orElse("none"),
            BufferExhaustedException.class.getSimpleName())
        .expect(
            "names_the_setting",
            told.failure.map(Throwable::getMessage).orElse("").contains("buffer.memory"),
            true)
        .expect(
            "held_max",
            told.heldMax,
            "at most " + BUFFER_BYTES,
            held -> held > 0 && held <= BUFFER_BYTES)
        .figure("accepted", told.accepted.size())
        .expect("delivered", stored.distinct(), (long) told.accepted.size())
        .expect("duplicates", stored.duplicates(), 0L)
        .expect("reordered", stored.reordered(), 0L);
  }
}
