package dev.naru.client.consumer;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruClient;
import dev.naru.client.OffsetReset;
import dev.naru.client.TopicPartition;
import dev.naru.client.fake.Batches;
import dev.naru.client.fake.FakeCluster;
import dev.naru.client.fake.FakeGroup;
import dev.naru.testing.Eventually;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** A cluster with a group, a client, and consumers of that group. */
final class Members implements AutoCloseable {

  static final String GROUP = "billing";

  final FakeCluster cluster = FakeCluster.of(3);
  final FakeGroup group = cluster.group(GROUP);
  final NaruClient naru = NaruClient.builder().bootstrapServers(cluster.addresses()).build();

  ConsumerBuilder<String, String> builder() {
    return naru.consumer(Codec.utf8(), Codec.utf8())
        .groupId(GROUP)
        .autoOffsetReset(OffsetReset.EARLIEST)
        .autoCommitInterval(ofMinutes(1))
        .fetchMaxWait(ofMillis(50));
  }

  void store(int partition, String... values) {
    cluster.partition("orders", partition).store(Batches.at(1000, values));
  }

  static TopicPartition orders(int partition) {
    return new TopicPartition("orders", partition);
  }

  /** Polls until so many values are there. */
  static List<String> read(dev.naru.client.consumer.Consumer<String, String> from, int count) {
    var values = new ArrayList<String>();
    pollTaking(
        count + " records are read",
        () -> values.size() >= count,
        records -> records.forEach(record -> values.add(record.value())),
        from);
    return values;
  }

  /** Polls these in turn until the claim holds; what they return is dropped. */
  @SafeVarargs
  static void pollUntil(
      String claim,
      Callable<Boolean> condition,
      dev.naru.client.consumer.Consumer<String, String>... consumers) {
    pollTaking(claim, condition, records -> {}, consumers);
  }

  @SafeVarargs
  private static void pollTaking(
      String claim,
      Callable<Boolean> condition,
      Consumer<List<ConsumerRecord<String, String>>> taken,
      dev.naru.client.consumer.Consumer<String, String>... consumers) {
    eventually()
        .until(
            claim,
            () -> {
              for (var consumer : consumers) {
                taken.accept(consumer.poll(ofMillis(20)));
              }
              return condition.call();
            });
  }

  /** Polls these in turn, for what one of them throws. */
  @SafeVarargs
  static void pollForEver(dev.naru.client.consumer.Consumer<String, String>... consumers) {
    pollUntil("a poll fails", () -> false, consumers);
  }

  static Eventually eventually() {
    return Eventually.allowing("a few calls to the coordinator", ofSeconds(2));
  }

  @Override
  public void close() {
    naru.close();
    cluster.close();
  }

  /** Writes down what it hears. */
  static class Diary implements RebalanceListener {

    final List<String> entries = new ArrayList<>();

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      entries.add("revoked " + partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      entries.add("assigned " + partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      entries.add("lost " + partitions);
    }

    @Override
    public void onRecordsExpired(TopicPartition partition, long from, long to) {
      entries.add("expired " + partition + " " + from + " " + to);
    }
  }
}
