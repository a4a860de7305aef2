package dev.naru.client.producer;

import dev.naru.client.NaruException;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** What tests of the producer say again and again. */
final class Sends {

  private Sends() {}

  /**
   * Has a record of this partition acknowledged, however long it takes to connect: what comes next
   * finds metadata, a connection to the leader and the producer's id, and nothing on its way.
   */
  static void warmUp(Producer<String, String> producer, String topic, int partition) {
    var warm = List.of(ProducerRecord.<String, String>of(topic, "warm").withPartition(partition));
    Eventually.allowing("connections, metadata and an id", Duration.ofSeconds(2))
        .until(
            "a first record is acknowledged",
            () ->
                producer
                    .send(warm)
                    .handle((acks, failure) -> failure == null)
                    .get(30, TimeUnit.SECONDS));
    producer.flush(); // and the sender is through with the answer
  }

  /** Sends values {@code from} to {@code to - 1} to one partition. */
  static List<CompletableFuture<RecordAck>> numbers(
      Producer<String, String> producer, String topic, int from, int to) {
    var sent = new ArrayList<CompletableFuture<RecordAck>>();
    for (int i = from; i < to; i++) {
      sent.add(
          producer.send(
              ProducerRecord.<String, String>of(topic, Integer.toString(i)).withPartition(0)));
    }
    return sent;
  }

  static List<String> texts(int from, int to) {
    return Stream.iterate(from, i -> i < to, i -> i + 1).map(String::valueOf).toList();
  }

  static void join(List<CompletableFuture<RecordAck>> sent) {
    sent.forEach(Sends::ackOf);
  }

  static RecordAck ackOf(CompletableFuture<RecordAck> future) {
    try {
      return future.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new AssertionError("Expected an acknowledgement, but " + e, e);
    }
  }

  static NaruException failureOf(CompletableFuture<?> future) {
    try {
      future.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return (NaruException) Objects.requireNonNull(e.getCause());
    } catch (TimeoutException | InterruptedException e) {
      throw new CompletionException(e);
    }
    throw new AssertionError("Expected a failure, but was " + future);
  }

  /** The values without those that were there before. */
  static List<String> firstAppearances(List<String> values) {
    Set<String> seen = new HashSet<>();
    return values.stream().filter(seen::add).toList();
  }
}
