package dev.naru.client.mock;

import dev.naru.client.ClientMetrics;
import dev.naru.client.Codec;
import dev.naru.client.ConsumerConfig;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.Interceptors;
import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.ProducerConfig;
import dev.naru.client.RecordInterceptor;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.ConsumerBuilder;
import dev.naru.client.consumer.OffsetAndMetadata;
import dev.naru.client.consumer.RecordDecoder;
import dev.naru.client.core.Reading;
import dev.naru.client.core.TopicView;
import dev.naru.client.producer.EncodedRecord;
import dev.naru.client.producer.ProducerBuilder;
import dev.naru.types.ErrorCode;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A cluster in memory, for unit tests: topics, their records, what groups have committed, and a
 * clock that only the test moves. The producers and consumers made of it do what those of a {@link
 * dev.naru.client.NaruClient} do, by the same rules, on the threads that call them; what the test
 * wants to go wrong it tells {@link MockProducer}, {@link MockConsumer}, or, for what becomes of
 * records, the cluster. Any thread may use it.
 *
 * <pre>{@code
 * var cluster = new MockCluster().topic("orders", 3);
 * var producer = cluster.producer(Codec.utf8(), Codec.utf8());
 * var consumer = cluster.consumer(Codec.utf8(), Codec.utf8(), with -> with.groupId("billing"));
 * }</pre>
 */
public final class MockCluster {

  /** Enough for a unit test, and little enough that a loop without end is noticed. */
  private static final int RECORDS_MAX = 1_000_000;

  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  private final Map<String, MockTopic> topics = new TreeMap<>();
  private final Map<String, MockGroup> groups = new TreeMap<>();
  private final List<RecordInterceptor> interceptors = new ArrayList<>();
  private final ClientMetrics metrics = new ClientMetrics();
  private long nanos; // since the beginning
  private int records;

  /** Without a topic; it is 2026-01-01T00:00:00Z. */
  public MockCluster() {}

  /**
   * Makes a topic with so many partitions, or has it grow to as many.
   *
   * @throws IllegalArgumentException for none, or for fewer than it has
   */
  public synchronized MockCluster topic(String name, int partitions) {
    var known = topics.get(name);
    if (known == null) {
      topics.put(name, new MockTopic(name, TopicId.of(0, topics.size() + 1), partitions));
    } else {
      known.growTo(partitions);
    }
    return this;
  }

  /** Adds an interceptor to the producers and consumers that are made from now on. */
  public synchronized MockCluster interceptor(RecordInterceptor interceptor) {
    interceptors.add(interceptor);
    return this;
  }

  /** A producer with default settings. */
  public <K, V> MockProducer<K, V> producer(Codec<K> keyCodec, Codec<V> valueCodec) {
    return producer(keyCodec, valueCodec, with -> with);
  }

  /**
   * A producer with settings.
   *
   * @throws NaruException with {@code INVALID_CONFIG} for a value outside its bounds
   */
  public <K, V> MockProducer<K, V> producer(
      Codec<K> keyCodec, Codec<V> valueCodec, UnaryOperator<ProducerBuilder<K, V>> settings) {
    var made = new ArrayList<MockProducer<K, V>>(); // the builder returns the interface
    var begun =
        new ProducerBuilder<K, V>(
            ProducerConfig.DEFAULTS,
            (config, partitioner) -> {
              made.add(
                  new MockProducer<>(
                      this, keyCodec, valueCodec, config, partitioner, interceptors()));
              return made.get(0);
            });
    settings.apply(begun).build();
    return made.get(0);
  }

  /** A consumer with default settings, which is in no group. */
  public <K, V> MockConsumer<K, V> consumer(Codec<K> keyCodec, Codec<V> valueCodec) {
    return consumer(keyCodec, valueCodec, with -> with);
  }

  /**
   * A consumer with settings.
   *
   * @throws NaruException with {@code INVALID_CONFIG} for a value outside its bounds
   */
  public <K, V> MockConsumer<K, V> consumer(
      Codec<K> keyCodec, Codec<V> valueCodec, UnaryOperator<ConsumerBuilder<K, V>> settings) {
    var made = new ArrayList<MockConsumer<K, V>>(); // the builder returns the interface
    var begun =
        new ConsumerBuilder<K, V>(
            ConsumerConfig.DEFAULTS,
            config -> {
              made.add(new MockConsumer<>(this, keyCodec, valueCodec, config, interceptors()));
              return made.get(0);
            });
    settings.apply(begun).build();
    return made.get(0);
  }

  private synchronized Interceptors interceptors() {
    return new Interceptors(interceptors, metrics);
  }

  /** Records that polls returned, and interceptors that threw; all other metrics stay 0. */
  public ClientMetrics metrics() {
    return metrics;
  }

  /** What time it is. */
  public synchronized Instant now() {
    return BEGINNING.plusNanos(nanos);
  }

  long nowMillis() {
    return now().toEpochMilli();
  }

  /** Lets time pass, for commits that happen by themselves and for members that do not poll. */
  public synchronized void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("Expected time to pass, but was " + by);
    }
    nanos = Math.addExact(nanos, by.toNanos());
  }

  synchronized long nanoTime() {
    return nanos;
  }

  /**
   * All records of a topic that are kept, partition after partition in order of their offsets.
   *
   * @throws NaruException with {@code TOPIC_NOT_FOUND} if there is no such topic
   */
  public synchronized <K, V> List<ConsumerRecord<K, V>> records(
      String topic, Codec<K> keyCodec, Codec<V> valueCodec) {
    var decoder = RecordDecoder.of(keyCodec, valueCodec);
    var found = new ArrayList<ConsumerRecord<K, V>>();
    for (int i = 0; i < topicOf(topic).logs().size(); i++) {
      var partition = new TopicPartition(topic, i);
      var log = logOf(partition);
      var reading = new Reading(partition, Position.beginning(), Optional.empty(), true);
      reading.settle(log.start());
      reading.fetched(log.read(log.start(), Integer.MAX_VALUE));
      reading.drain(RECORDS_MAX, record -> found.add(decoder.decode(partition, record)));
    }
    return found;
  }

  /** The position that a group has committed in a partition; empty if it has none. */
  public synchronized Optional<OffsetAndMetadata> committed(
      String group, TopicPartition partition) {
    return Optional.ofNullable(groupOf(group).committed().get(partition));
  }

  /**
   * Loses the records from this offset on. Who has read some of them is asked by {@code
   * onHistoryCut}, or its poll throws a {@code DataLossException}.
   *
   * @throws IllegalArgumentException if it is outside the log, or within records sent as one batch
   */
  public synchronized void cut(TopicPartition partition, long from) {
    logOf(partition).cut(from);
  }

  /**
   * Deletes the records before this offset, as retention does.
   *
   * @throws IllegalArgumentException if it is not in the log
   */
  public synchronized void expire(TopicPartition partition, long start) {
    logOf(partition).expire(start);
  }

  /** One batch for this partition; returns the offset of its first record. */
  synchronized long append(TopicPartition partition, List<EncodedRecord> batch) {
    if (records > RECORDS_MAX - batch.size()) {
      throw new IllegalStateException(
          "Expected at most " + RECORDS_MAX + " records in a cluster in memory, but were more");
    }
    records += batch.size();
    return logOf(partition).append(batch);
  }

  synchronized TopicView view(String topic) {
    return topicOf(topic).view();
  }

  synchronized SortedSet<String> topicNames() {
    return new TreeSet<>(topics.keySet());
  }

  synchronized Optional<TopicView> find(String topic) {
    return Optional.ofNullable(topics.get(topic)).map(MockTopic::view);
  }

  /** Looks at a log. */
  synchronized <T> T ask(TopicPartition partition, Function<MockLog, T> question) {
    return question.apply(logOf(partition));
  }

  synchronized void withLog(TopicPartition partition, Consumer<MockLog> work) {
    work.accept(logOf(partition));
  }

  /** Looks at a group. */
  synchronized <T> T inGroup(String group, Function<MockGroup, T> question) {
    return question.apply(groupOf(group));
  }

  synchronized void changeGroup(String group, Consumer<MockGroup> change) {
    change.accept(groupOf(group));
  }

  private MockGroup groupOf(String group) {
    return groups.computeIfAbsent(group, same -> new MockGroup());
  }

  private MockTopic topicOf(String name) {
    var topic = topics.get(name);
    if (topic == null) {
      throw new NaruException(
          ErrorCode.TOPIC_NOT_FOUND,
          "Expected one of the topics " + topics.keySet() + ", but was " + name,
          Map.of("topic", name));
    }
    return topic;
  }

  private MockLog logOf(TopicPartition partition) {
    var logs = topicOf(partition.topic()).logs();
    if (partition.partition() >= logs.size()) {
      throw new NaruException(
          ErrorCode.PARTITION_NOT_FOUND,
          "Expected a partition of 0 to " + (logs.size() - 1) + ", but was " + partition);
    }
    return logs.get(partition.partition());
  }
}
