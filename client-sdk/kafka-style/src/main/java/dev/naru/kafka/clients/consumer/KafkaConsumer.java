package dev.naru.kafka.clients.consumer;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.kafka.clients.Failures;
import dev.naru.kafka.clients.GivenSettings;
import dev.naru.kafka.clients.KnownFormats;
import dev.naru.kafka.clients.Translation;
import dev.naru.kafka.common.PartitionInfo;
import dev.naru.kafka.common.TopicPartition;
import dev.naru.kafka.common.errors.InterruptException;
import dev.naru.kafka.common.errors.WakeupException;
import dev.naru.kafka.common.serialization.Deserializer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of Naru by Kafka's name. It has a client of its own, with its connections and threads:
 * applications that have many consumers had better use {@link NaruClient}, whose consumers share
 * them.
 *
 * <p>What Naru does otherwise it does here, too: with {@code enable.auto.commit} a close does not
 * commit what the last poll returned, and a wakeup ends polls only.
 */
public class KafkaConsumer<K, V> implements Consumer<K, V> {

  private static final String KEYS = ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG;
  private static final String VALUES = ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG;
  private static final Duration CLOSE_MAX = Duration.ofSeconds(30);

  private final NaruClient client;
  private final dev.naru.client.consumer.Consumer<byte[], byte[]> consumer;
  private final Deserializer<K> keyDeserializer;
  private final Deserializer<V> valueDeserializer;
  private final PolledRecords<K, V> polled;
  private final Optional<String> instance;
  private final AtomicBoolean isWoken = new AtomicBoolean();
  private Optional<Set<String>> topics = Optional.empty(); // by name
  private boolean isByPattern;

  /** With these settings, which name the deserializers. */
  public KafkaConsumer(Properties properties) {
    this(GivenSettings.of(properties), null, null);
  }

  /** With these settings, which name the deserializers. */
  public KafkaConsumer(Map<String, Object> configs) {
    this(GivenSettings.of(configs), null, null);
  }

  /** With these settings and deserializers; where one is null, the settings name it. */
  public KafkaConsumer(
      Properties properties,
      @Nullable Deserializer<K> keyDeserializer,
      @Nullable Deserializer<V> valueDeserializer) {
    this(GivenSettings.of(properties), keyDeserializer, valueDeserializer);
  }

  /** With these settings and deserializers; where one is null, the settings name it. */
  public KafkaConsumer(
      Map<String, Object> configs,
      @Nullable Deserializer<K> keyDeserializer,
      @Nullable Deserializer<V> valueDeserializer) {
    this(GivenSettings.of(configs), keyDeserializer, valueDeserializer);
  }

  private KafkaConsumer(
      GivenSettings settings,
      @Nullable Deserializer<K> forKeys,
      @Nullable Deserializer<V> forValues) {
    this.keyDeserializer =
        forKeys == null ? KnownFormats.deserializer(settings, KEYS, true) : forKeys;
    this.valueDeserializer =
        forValues == null ? KnownFormats.deserializer(settings, VALUES, false) : forValues;
    settings.drop(KEYS);
    settings.drop(VALUES);
    this.instance = settings.text(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    this.client = Failures.in(() -> NaruClient.fromProperties(settings.toNaru()));
    this.consumer = opened(client);
    this.polled = new PolledRecords<>(consumer, keyDeserializer, valueDeserializer);
  }

  private static dev.naru.client.consumer.Consumer<byte[], byte[]> opened(NaruClient client) {
    try {
      return client.consumer(Codec.bytes(), Codec.bytes()).build();
    } catch (NaruException e) {
      client.close();
      throw Failures.of(e);
    }
  }

  @Override
  public Set<TopicPartition> assignment() {
    return Translation.kafka(consumer.assignment());
  }

  @Override
  public Set<String> subscription() {
    return topics.orElseGet(() ->
        isByPattern
            ? assignment().stream().map(TopicPartition::topic).collect(Collectors.toSet())
            : Set.of());
  }

  @Override
  public void subscribe(Collection<String> names) {
    if (names.isEmpty()) {
      unsubscribe();
      return;
    }
    ReadFailures.in(() -> consumer.subscribe(names));
    subscribed(names);
  }

  @Override
  public void subscribe(Collection<String> names, ConsumerRebalanceListener listener) {
    if (names.isEmpty()) {
      unsubscribe();
      return;
    }
    ReadFailures.in(() -> consumer.subscribe(names, new Listening(listener)));
    subscribed(names);
  }

  private void subscribed(Collection<String> names) {
    topics = Optional.of(Set.copyOf(names));
    isByPattern = false;
    polled.forgetFailure();
  }

  @Override
  public void subscribe(Pattern pattern) {
    ReadFailures.in(() -> consumer.subscribe(pattern));
    subscribedByPattern();
  }

  @Override
  public void subscribe(Pattern pattern, ConsumerRebalanceListener listener) {
    ReadFailures.in(() -> consumer.subscribe(pattern, new Listening(listener)));
    subscribedByPattern();
  }

  private void subscribedByPattern() {
    topics = Optional.empty();
    isByPattern = true;
    polled.forgetFailure();
  }

  @Override
  public void assign(Collection<TopicPartition> partitions) {
    if (partitions.isEmpty()) {
      unsubscribe();
    } else {
      consumer.assign(Translation.naru(partitions));
      polled.forgetFailure();
    }
  }

  @Override
  public void unsubscribe() {
    polled.forgetFailure(); // also if a listener throws
    ReadFailures.in(consumer::unsubscribe);
    topics = Optional.empty();
    isByPattern = false;
  }

  @Override
  public ConsumerRecords<K, V> poll(Duration timeout) {
    if (topics.isEmpty() && !isByPattern && consumer.assignment().isEmpty()) {
      throw new IllegalStateException(
          "Expected a subscription or an assignment before a poll, but there is none");
    }
    throwWakeup();
    polled.throwFailure();
    var records = ReadFailures.in(() -> consumer.poll(timeout));
    if (records.isEmpty()) {
      throwWakeup();
      if (Thread.interrupted()) {
        throw new InterruptException("Expected to poll, but the thread was interrupted");
      }
    }
    return polled.of(records);
  }

  /** Not when there are records, which nobody would see again: then the next poll throws it. */
  private void throwWakeup() {
    if (isWoken.getAndSet(false)) {
      throw new WakeupException("Expected to poll, but somebody has called wakeup");
    }
  }

  @Override
  public void commitSync() {
    ReadFailures.inCommit(() -> consumer.commit());
  }

  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
    ReadFailures.inCommit(() -> consumer.commit(Places.naru(offsets)));
  }

  @Override
  public void commitAsync() {
    ReadFailures.inCommit(() -> consumer.commitAsync());
  }

  @Override
  public void commitAsync(@Nullable OffsetCommitCallback callback) {
    ReadFailures.inCommit(
        () -> consumer.commitAsync((offsets, failure) -> told(callback, offsets, failure)));
  }

  @Override
  public void commitAsync(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
    ReadFailures.inCommit(() ->
        consumer.commitAsync(
            Places.naru(offsets), (committed, failure) -> told(callback, committed, failure)));
  }

  private static void told(
      @Nullable OffsetCommitCallback callback,
      Map<dev.naru.client.TopicPartition, dev.naru.client.consumer.OffsetAndMetadata> offsets,
      @Nullable NaruException failure) {
    if (callback != null) {
      callback.onComplete(
          Places.kafka(offsets), failure == null ? null : ReadFailures.ofLateCommit(failure));
    }
  }

  @Override
  public void seek(TopicPartition partition, long offset) {
    seek(partition, new OffsetAndMetadata(offset));
  }

  @Override
  public void seek(TopicPartition partition, OffsetAndMetadata position) {
    consumer.seek(Translation.naru(partition), Places.naru(position));
    polled.forgetFailure();
  }

  @Override
  public void seekToBeginning(Collection<TopicPartition> partitions) {
    consumer.seekToBeginning(thoseOrAll(partitions));
    polled.forgetFailure();
  }

  @Override
  public void seekToEnd(Collection<TopicPartition> partitions) {
    consumer.seekToEnd(thoseOrAll(partitions));
    polled.forgetFailure();
  }

  private dev.naru.client.TopicPartition[] thoseOrAll(Collection<TopicPartition> partitions) {
    return Translation.naruArray(partitions.isEmpty() ? assignment() : partitions);
  }

  @Override
  public long position(TopicPartition partition) {
    return ReadFailures.in(() -> consumer.position(Translation.naru(partition)));
  }

  @Override
  public Map<TopicPartition, @Nullable OffsetAndMetadata> committed(
      Set<TopicPartition> partitions) {
    var found = ReadFailures.in(() -> consumer.committed(Translation.naru(partitions)));
    return Places.kafka(partitions, found);
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic) {
    return Translation.partitionsOf(client.admin(), topic);
  }

  @Override
  public Map<String, List<PartitionInfo>> listTopics() {
    return Translation.topics(client.admin());
  }

  @Override
  public Set<TopicPartition> paused() {
    return Translation.kafka(consumer.paused());
  }

  @Override
  public void pause(Collection<TopicPartition> partitions) {
    consumer.pause(Translation.naruArray(partitions));
  }

  @Override
  public void resume(Collection<TopicPartition> partitions) {
    consumer.resume(Translation.naruArray(partitions));
  }

  @Override
  public Map<TopicPartition, @Nullable OffsetAndTimestamp> offsetsForTimes(
      Map<TopicPartition, Long> timestamps) {
    var times = new HashMap<dev.naru.client.TopicPartition, Instant>();
    timestamps.forEach(
        (partition, time) -> times.put(Translation.naru(partition), Instant.ofEpochMilli(time)));
    var found = ReadFailures.in(() -> consumer.offsetsForTimes(times));
    var all = new HashMap<TopicPartition, @Nullable OffsetAndTimestamp>();
    timestamps.keySet().forEach(partition -> all.put(partition, null));
    found.forEach((partition, at) ->
        all.put(
            Translation.kafka(partition),
            new OffsetAndTimestamp(at.offset(), at.time().toEpochMilli())));
    return all;
  }

  @Override
  public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
    return Places.offsets(
        ReadFailures.in(() -> consumer.beginningOffsets(Translation.naru(partitions))));
  }

  @Override
  public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    return Places.offsets(ReadFailures.in(() -> consumer.endOffsets(Translation.naru(partitions))));
  }

  @Override
  public OptionalLong currentLag(TopicPartition partition) {
    return consumer.lag(Translation.naru(partition));
  }

  @Override
  public ConsumerGroupMetadata groupMetadata() {
    var member = ReadFailures.in(consumer::group);
    return new ConsumerGroupMetadata(
        member.group(), member.epoch(), member.member().toString(), instance);
  }

  @Override
  public void close() {
    close(CLOSE_MAX);
  }

  @Override
  public void close(Duration timeout) {
    try {
      ReadFailures.in(() -> consumer.close(timeout));
    } finally {
      client.close();
      keyDeserializer.close();
      valueDeserializer.close();
    }
  }

  @Override
  public void wakeup() {
    isWoken.set(true);
    consumer.wakeup();
  }
}
