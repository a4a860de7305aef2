package dev.naru.testing.cluster;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.Position;
import dev.naru.client.RecordInterceptor;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.consumer.ConsumerBuilder;
import dev.naru.client.mock.MockCluster;
import dev.naru.client.producer.Producer;
import dev.naru.client.producer.ProducerBuilder;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Where producers and consumers come from: a cluster of nodes, or one in memory. */
interface Clients extends AutoCloseable {

  AtomicInteger TOPICS = new AtomicInteger();

  /** A new topic of this name. */
  void create(String topic, int partitions);

  /** A new topic; returns its name. */
  default String topic(int partitions) {
    var name = "contract-" + TOPICS.incrementAndGet();
    create(name, partitions);
    return name;
  }

  <K, V> Producer<K, V> producer(
      Codec<K> key, Codec<V> value, UnaryOperator<ProducerBuilder<K, V>> settings);

  <K, V> Consumer<K, V> consumer(
      Codec<K> key, Codec<V> value, UnaryOperator<ConsumerBuilder<K, V>> settings);

  /** Deletes records before this offset. */
  void expire(TopicPartition partition, long start);

  @Override
  void close();

  /** Of nodes. */
  static Clients of(NaruCluster cluster, RecordInterceptor interceptor) {
    var client =
        NaruClient.builder()
            .bootstrapServers(cluster.bootstrapServers())
            .interceptor(interceptor)
            .build();
    return new OfNodes(client);
  }

  /** In memory. */
  static Clients inMemory(RecordInterceptor interceptor) {
    return new InMemory(new MockCluster().interceptor(interceptor));
  }

  /** Those of a client. */
  record OfNodes(NaruClient client) implements Clients {

    @Override
    public void create(String topic, int partitions) {
      var wanted = NewTopic.named(topic).partitions(partitions).replicationFactor(1);
      client.admin().createTopic(wanted).join();
    }

    @Override
    public <K, V> Producer<K, V> producer(
        Codec<K> key, Codec<V> value, UnaryOperator<ProducerBuilder<K, V>> settings) {
      return settings.apply(client.producer(key, value)).build();
    }

    @Override
    public <K, V> Consumer<K, V> consumer(
        Codec<K> key, Codec<V> value, UnaryOperator<ConsumerBuilder<K, V>> settings) {
      return settings.apply(client.consumer(key, value)).build();
    }

    @Override
    public void expire(TopicPartition partition, long start) {
      client.admin().truncate(partition, Position.offset(start)).join();
    }

    @Override
    public void close() {
      client.close();
    }
  }

  /** Those of a cluster in memory. */
  record InMemory(MockCluster cluster) implements Clients {

    @Override
    public void create(String topic, int partitions) {
      cluster.topic(topic, partitions);
    }

    @Override
    public <K, V> Producer<K, V> producer(
        Codec<K> key, Codec<V> value, UnaryOperator<ProducerBuilder<K, V>> settings) {
      return cluster.producer(key, value, settings);
    }

    @Override
    public <K, V> Consumer<K, V> consumer(
        Codec<K> key, Codec<V> value, UnaryOperator<ConsumerBuilder<K, V>> settings) {
      return cluster.consumer(key, value, settings);
    }

    @Override
    public void expire(TopicPartition partition, long start) {
      cluster.expire(partition, start);
    }

    @Override
    public void close() {}
  }
}
