package dev.naru.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.client.fake.FakeCluster;
import dev.naru.client.fake.Reaction;
import dev.naru.client.producer.Producer;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A cluster of three nodes, and clients of it with settings by name, as applications write them.
 */
final class Configured implements AutoCloseable {

  private final FakeCluster cluster = FakeCluster.of(3);
  private final List<NaruClient> clients = new ArrayList<>();

  FakeCluster cluster() {
    return cluster;
  }

  /** A client with these settings, which finds the cluster unless they say otherwise. */
  NaruClient client(String... namesAndValues) {
    var properties = new Properties();
    properties.setProperty("bootstrap.servers", cluster.addresses());
    for (int i = 0; i < namesAndValues.length; i += 2) {
      properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
    }
    var client = NaruClient.fromProperties(properties);
    clients.add(client);
    return client;
  }

  Producer<String, String> producer(String... namesAndValues) {
    return client(namesAndValues).producer(Codec.utf8(), Codec.utf8()).build();
  }

  /** What holds if nothing is set. */
  static ClientProperties defaults() {
    return ClientProperties.of(Map.of("bootstrap.servers", "localhost:9410"));
  }

  /** Refuses the last value, with this sentence about its name, and in the details. */
  static void refuses(String message, String... namesAndValues) {
    var properties = new Properties();
    properties.setProperty("bootstrap.servers", "localhost:9410");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
    }
    var refusal =
        catchThrowableOfType(NaruException.class, () -> NaruClient.fromProperties(properties));

    assertThat(refusal).as("%s", properties).hasMessage(message);
    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
    assertThat(message).contains("Expected " + refusal.details().get("setting") + " to be");
  }

  static ProducerRecord<String, String> record(int partition, String value) {
    return ProducerRecord.<String, String>of("orders", value).withPartition(partition);
  }

  /** So many records without a key, each of about 30 bytes. */
  static List<ProducerRecord<String, String>> records(int count) {
    var records = new ArrayList<ProducerRecord<String, String>>();
    for (int i = 0; i < count; i++) {
      records.add(ProducerRecord.of("orders", "the same but for a number: " + i));
    }
    return records;
  }

  /**
   * Has a record of this partition acknowledged, however long it takes to connect: what comes next
   * finds metadata, a connection to the leader and the producer's id, and nothing on its way.
   */
  static void warmUp(Producer<String, String> producer, int partition) {
    Eventually.allowing("connections, metadata and an id", Duration.ofSeconds(2))
        .until(
            "a first record is acknowledged",
            () ->
                producer
                    .send(List.of(record(partition, "warm")))
                    .handle((acks, failure) -> failure == null)
                    .get(30, TimeUnit.SECONDS));
    producer.flush(); // and the sender is through with the answer
  }

  static <T> T ackOf(CompletableFuture<T> sent) {
    try {
      return sent.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new AssertionError("Expected an acknowledgement, but " + e, e);
    }
  }

  static NaruException failureOf(CompletableFuture<?> sent) {
    try {
      sent.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return (NaruException) Objects.requireNonNull(e.getCause());
    } catch (TimeoutException | InterruptedException e) {
      throw new AssertionError("Expected a failure, but " + e, e);
    }
    throw new AssertionError("Expected a failure, but was " + sent);
  }

  @Override
  public void close() {
    cluster.onProduce((node, request) -> Reaction.accept()); // or they would wait for it
    cluster.releaseHeld();
    clients.forEach(NaruClient::close);
    cluster.close();
  }
}
