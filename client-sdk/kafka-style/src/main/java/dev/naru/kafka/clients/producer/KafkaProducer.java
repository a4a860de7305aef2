package dev.naru.kafka.clients.producer;

import dev.naru.client.BufferExhaustedException;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.RecordAck;
import dev.naru.kafka.clients.Failures;
import dev.naru.kafka.clients.GivenSettings;
import dev.naru.kafka.clients.KnownFormats;
import dev.naru.kafka.clients.Translation;
import dev.naru.kafka.common.KafkaException;
import dev.naru.kafka.common.PartitionInfo;
import dev.naru.kafka.common.TopicPartition;
import dev.naru.kafka.common.errors.SerializationException;
import dev.naru.kafka.common.serialization.Serializer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A producer of Naru by Kafka's name. It has a client of its own, with its connections and threads:
 * applications that have many producers had better use {@link NaruClient}, whose producers share
 * them.
 *
 * <p>Settings of Kafka that Naru does not have are refused, unless they only tune Kafka's own
 * client. Serializers are known by name, or given as objects or classes.
 */
public class KafkaProducer<K, V> implements Producer<K, V> {

  private static final String KEYS = ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG;
  private static final String VALUES = ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG;

  private final NaruClient client;
  private final dev.naru.client.producer.Producer<byte[], byte[]> producer;
  private final Serializer<K> keySerializer;
  private final Serializer<V> valueSerializer;

  /** With these settings, which name the serializers. */
  public KafkaProducer(Properties properties) {
    this(GivenSettings.of(properties), null, null);
  }

  /** With these settings, which name the serializers. */
  public KafkaProducer(Map<String, Object> configs) {
    this(GivenSettings.of(configs), null, null);
  }

  /** With these settings and serializers; where one is null, the settings name it. */
  public KafkaProducer(
      Properties properties,
      @Nullable Serializer<K> keySerializer,
      @Nullable Serializer<V> valueSerializer) {
    this(GivenSettings.of(properties), keySerializer, valueSerializer);
  }

  /** With these settings and serializers; where one is null, the settings name it. */
  public KafkaProducer(
      Map<String, Object> configs,
      @Nullable Serializer<K> keySerializer,
      @Nullable Serializer<V> valueSerializer) {
    this(GivenSettings.of(configs), keySerializer, valueSerializer);
  }

  private KafkaProducer(
      GivenSettings settings, @Nullable Serializer<K> forKeys, @Nullable Serializer<V> forValues) {
    this.keySerializer = forKeys == null ? KnownFormats.serializer(settings, KEYS, true) : forKeys;
    this.valueSerializer =
        forValues == null ? KnownFormats.serializer(settings, VALUES, false) : forValues;
    settings.drop(KEYS);
    settings.drop(VALUES);
    this.client = Failures.in(() -> NaruClient.fromProperties(settings.toNaru()));
    this.producer = opened(client);
  }

  private static dev.naru.client.producer.Producer<byte[], byte[]> opened(NaruClient client) {
    try {
      return client.producer(Codec.bytes(), Codec.bytes()).build();
    } catch (NaruException e) {
      client.close();
      throw Failures.of(e);
    }
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<K, V> record) {
    return send(record, null);
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<K, V> record, @Nullable Callback callback) {
    byte[] key = serialized(record, keySerializer, record.key(), "key");
    byte[] value = serialized(record, valueSerializer, record.value(), "value");
    record.sent();
    var sent = new CompletableFuture<RecordMetadata>();
    producer.send(
        naru(record, key, value),
        (ack, failure) -> complete(sent, callback, record.topic(), key, value, ack, failure));
    return sent;
  }

  private static <K, V> dev.naru.client.ProducerRecord<byte[], byte[]> naru(
      ProducerRecord<K, V> record, byte @Nullable [] key, byte @Nullable [] value) {
    var partition = record.partition();
    var timestamp = record.timestamp();
    return new dev.naru.client.ProducerRecord<>(
        record.topic(),
        partition == null ? OptionalInt.empty() : OptionalInt.of(partition),
        timestamp == null ? OptionalLong.empty() : OptionalLong.of(timestamp),
        key,
        value,
        Translation.naru(record.headers()));
  }

  private static <T> byte @Nullable [] serialized(
      ProducerRecord<?, ?> record, Serializer<T> serializer, @Nullable T part, String name) {
    try {
      return serializer.serialize(record.topic(), record.headers(), part);
    } catch (ClassCastException e) {
      throw new SerializationException(
          "Expected a "
              + name
              + " that "
              + serializer.getClass().getName()
              + " takes for "
              + record.topic()
              + ", but was "
              + (part == null ? "absent" : part.getClass().getName()),
          e);
    }
  }

  /** On the client's callback thread; the callback comes before the future, as with Kafka. */
  private static void complete(
      CompletableFuture<RecordMetadata> sent,
      @Nullable Callback callback,
      String topic,
      byte @Nullable [] key,
      byte @Nullable [] value,
      @Nullable RecordAck ack,
      @Nullable NaruException failure) {
    try {
      if (callback != null) {
        callback.onCompletion(
            ack == null ? RecordMetadata.nowhere(topic) : metadata(ack, key, value),
            failure == null ? null : kafka(failure));
      }
    } finally {
      if (ack != null) {
        sent.complete(metadata(ack, key, value));
      } else if (failure != null) {
        sent.completeExceptionally(kafka(failure));
      }
    }
  }

  private static RecordMetadata metadata(
      RecordAck ack, byte @Nullable [] key, byte @Nullable [] value) {
    return new RecordMetadata(
        new TopicPartition(ack.topic(), ack.partition()),
        ack.hasOffset() ? ack.offset() : -1,
        ack.timestampMillis(),
        sizeOf(key),
        sizeOf(value));
  }

  private static int sizeOf(byte @Nullable [] bytes) {
    return bytes == null ? -1 : bytes.length;
  }

  private static KafkaException kafka(NaruException failure) {
    return failure instanceof BufferExhaustedException
        ? new dev.naru.kafka.clients.producer.BufferExhaustedException(
            String.valueOf(failure.getMessage()), failure)
        : Failures.of(failure);
  }

  @Override
  public void flush() {
    Failures.in(producer::flush);
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic) {
    return Translation.partitionsOf(client.admin(), topic);
  }

  @Override
  public void close() {
    try {
      Failures.in(() -> producer.close());
    } finally {
      end();
    }
  }

  @Override
  public void close(Duration timeout) {
    try {
      Failures.in(() -> producer.close(timeout));
    } finally {
      end();
    }
  }

  private void end() {
    client.close();
    keySerializer.close();
    valueSerializer.close();
  }
}
