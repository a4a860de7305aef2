package dev.naru.client.producer;

import dev.naru.client.Codec;
import dev.naru.client.Interceptors;
import dev.naru.client.NaruException;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.record.RecordHeader;
import dev.naru.types.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a record before it lies in a batch: interceptors see it, it is given its time,
 * key and value are encoded, all on the thread that sends. What cannot be sent is refused at once,
 * through its callback. Any thread may use it.
 */
public final class Outgoing<K, V> {

  private final Codec<K> keyCodec;
  private final Codec<V> valueCodec;
  private final Interceptors interceptors;
  private final LongSupplier wallMillis;
  private final Intake intake;
  private final BooleanSupplier isClosed;

  /**
   * In front of this intake.
   *
   * @param isClosed whether the producer takes no more
   */
  public Outgoing(
      Codec<K> keyCodec,
      Codec<V> valueCodec,
      Interceptors interceptors,
      LongSupplier wallMillis,
      Intake intake,
      BooleanSupplier isClosed) {
    this.keyCodec = keyCodec;
    this.valueCodec = valueCodec;
    this.interceptors = interceptors;
    this.wallMillis = wallMillis;
    this.intake = intake;
    this.isClosed = isClosed;
  }

  /** Takes encoded records. */
  public interface Intake {

    /**
     * Takes a record; false if the producer is closed.
     *
     * @throws NaruException if it cannot be taken
     */
    boolean append(
        String topic,
        OptionalInt partition,
        long timestampMillis,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<RecordHeader> headers,
        SendCallback callback);

    /**
     * Takes records of one topic as one batch: they are stored together or not at all. False if the
     * producer is closed.
     *
     * @param callback hears of each record, in their order
     * @throws NaruException if they cannot be taken, or go to several partitions
     */
    boolean appendWhole(String topic, List<EncodedRecord> records, SendCallback callback);
  }

  /** As {@link Producer#send(ProducerRecord)}. */
  public CompletableFuture<RecordAck> send(ProducerRecord<K, V> record) {
    var pending = new PendingSend();
    send(record, pending);
    return pending;
  }

  /** As {@link Producer#send(ProducerRecord, SendCallback)}. */
  public void send(ProducerRecord<K, V> record, SendCallback callback) {
    if (isClosed.getAsBoolean() || !takes(record, callback)) {
      throw closed();
    }
  }

  /** As {@link Producer#send(List)}. */
  public CompletableFuture<List<RecordAck>> send(List<ProducerRecord<K, V>> records) {
    var pending = new PendingBatch(records.size());
    if (records.isEmpty()) {
      pending.complete(List.of());
    } else if (isClosed.getAsBoolean() || !takes(records, pending)) {
      throw closed();
    }
    return pending;
  }

  private static IllegalStateException closed() {
    return new IllegalStateException("Expected an open producer, but it is closed");
  }

  /** False if the producer was closed meanwhile: then nobody calls the callback. */
  private boolean takes(ProducerRecord<K, V> given, SendCallback told) {
    var record = given;
    var callback = told;
    if (!interceptors.isEmpty()) {
      record = interceptors.onSend(given);
      callback = new Witness(interceptors, List.of(record), told);
    }
    NaruException refusal;
    try {
      return intake.append(
          record.topic(),
          record.partition(),
          timestampOf(record),
          encoded(keyCodec, record.key()),
          encoded(valueCodec, record.value()),
          record.headers(),
          callback);
    } catch (NaruException e) {
      refusal = e;
    } catch (RuntimeException e) {
      refusal = unusable(record, e);
    }
    refuse(1, callback, refusal);
    return true;
  }

  /** The same of records that travel together; the callback hears of each. */
  private boolean takes(List<ProducerRecord<K, V>> given, SendCallback told) {
    var records = given;
    var callback = told;
    if (!interceptors.isEmpty()) {
      records = given.stream().map(interceptors::onSend).toList();
      callback = new Witness(interceptors, records, told);
    }
    var first = records.get(0);
    NaruException refusal;
    try {
      requireOneTopic(first.topic(), records);
      return intake.appendWhole(
          first.topic(), records.stream().map(this::encoded).toList(), callback);
    } catch (NaruException e) {
      refusal = e;
    } catch (RuntimeException e) {
      refusal = unusable(first, e);
    }
    refuse(records.size(), callback, refusal);
    return true;
  }

  private static void refuse(int records, SendCallback callback, NaruException why) {
    var receipts = new Receipts(records);
    for (int i = 0; i < records; i++) {
      receipts.add(callback, 0);
    }
    receipts.fail(why);
  }

  private static <K, V> void requireOneTopic(String topic, List<ProducerRecord<K, V>> records) {
    for (var record : records) {
      if (!record.topic().equals(topic)) {
        throw new NaruException(
            ErrorCode.INVALID_REQUEST,
            "Expected records for one partition, because they are stored together, but they go to "
                + topic
                + " and "
                + record.topic());
      }
    }
  }

  private EncodedRecord encoded(ProducerRecord<K, V> record) {
    return new EncodedRecord(
        record.partition(),
        timestampOf(record),
        encoded(keyCodec, record.key()),
        encoded(valueCodec, record.value()),
        record.headers());
  }

  private long timestampOf(ProducerRecord<?, ?> record) {
    var given = record.timestampMillis();
    return given.isPresent() ? given.getAsLong() : wallMillis.getAsLong();
  }

  private static <T> byte @Nullable [] encoded(Codec<T> codec, @Nullable T value) {
    return value == null ? null : codec.encodeToArray(value);
  }

  /** A codec, a partitioner or the record itself is at fault, not the cluster. */
  private static NaruException unusable(ProducerRecord<?, ?> record, RuntimeException cause) {
    return new NaruException(
        ErrorCode.INVALID_RECORD,
        "Expected a record that can be encoded for " + record.topic() + ", but " + cause,
        Map.of("topic", record.topic()),
        cause);
  }

  /** Shows interceptors what became of records, whose callbacks come in their order. */
  private static final class Witness implements SendCallback {

    private final Interceptors interceptors;
    private final List<? extends ProducerRecord<?, ?>> records;
    private final SendCallback told;
    private int next; // touched by the thread that calls back

    Witness(
        Interceptors interceptors,
        List<? extends ProducerRecord<?, ?>> records,
        SendCallback told) {
      this.interceptors = interceptors;
      this.records = records;
      this.told = told;
    }

    @Override
    public void onCompletion(@Nullable RecordAck ack, @Nullable NaruException failure) {
      interceptors.onAcknowledged(records.get(next++), ack, failure);
      told.onCompletion(ack, failure);
    }
  }
}
