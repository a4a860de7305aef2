package dev.naru.cli.salvage;

import dev.naru.client.NaruException;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.TopicPartition;
import dev.naru.client.producer.Producer;
import dev.naru.record.Compression;
import dev.naru.record.Record;
import dev.naru.record.RecordHeader;
import dev.naru.types.ErrorCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes records again, in their order, with keys, headers and times as they were, and tells which
 * offsets they got. Waits for all records of a batch before it sends the first one of the next: so
 * whatever goes wrong, only one batch can be half written or in doubt, and the ledger knows which
 * records of it. Owned by one thread; any thread may {@link #stop} it and look at {@link #account}.
 */
public final class Rewriting implements RecordOutlet {

  /** For longer nobody waits to hear which offsets records got. */
  private static final Duration RUN_OPEN_MAX = Duration.ofSeconds(1);

  /**
   * Refusals of what a record is, and of where it goes: whatever was sent before the answer came
   * was not written either.
   */
  private static final Set<ErrorCode> NOT_WRITTEN =
      EnumSet.of(
          ErrorCode.RECORD_TOO_LARGE,
          ErrorCode.INVALID_RECORD,
          ErrorCode.UNSUPPORTED_COMPRESSION,
          ErrorCode.TOPIC_NOT_FOUND,
          ErrorCode.PARTITION_NOT_FOUND);

  private final Function<Compression, Producer<byte[], byte[]>> producers;
  private final TopicPartition target;
  private final Consumer<Run> onRun;
  private final LongSupplier nanoTime;
  private final RewriteLedger ledger = new RewriteLedger();
  private Optional<Run> run = Optional.empty();
  private long runBeganNanos;
  private volatile boolean isStopped; // written by the thread of a signal, read by ours

  /**
   * For one pass.
   *
   * @param producers those that compress like this; closed by whoever made them
   * @param onRun told of each run: when it has ended, and in time
   */
  public Rewriting(
      Function<Compression, Producer<byte[], byte[]>> producers,
      TopicPartition target,
      Consumer<Run> onRun,
      LongSupplier nanoTime) {
    this.producers = producers;
    this.target = target;
    this.onRun = onRun;
    this.nanoTime = nanoTime;
  }

  /**
   * Records one after the other that were written one after the other.
   *
   * @param from the first one's offset where it was cut off
   * @param to the first one's offset now
   */
  public record Run(long from, long to, long records) {

    /** The same with one more, if that goes on where this ends. */
    Optional<Run> with(long nextFrom, long nextTo) {
      return nextFrom == from + records && nextTo == to + records
          ? Optional.of(new Run(from, to, records + 1))
          : Optional.empty();
    }
  }

  /** Sends no more; what is on its way may still be written. */
  public void stop() {
    isStopped = true;
  }

  /** What became of the records so far. */
  public RewriteAccount account() {
    return ledger.account();
  }

  @Override
  public void put(Taken batch) {
    ledger.begin(batch);
    var producer = producers.apply(batch.compression());
    var acks = sendUntilOneIsRefused(producer, batch.records());
    try {
      producer.flush();
    } catch (RuntimeException e) {
      ledger.blame(e);
    }
    for (int i = 0; i < acks.size(); i++) {
      settle(i, acks.get(i));
    }
    tellRuns(batch.records(), acks);
  }

  /** A record that cannot even be sent must not be overtaken by those behind it. */
  private List<CompletableFuture<RecordAck>> sendUntilOneIsRefused(
      Producer<byte[], byte[]> producer, List<Record> records) {
    var acks = new ArrayList<CompletableFuture<RecordAck>>();
    for (var each : records) {
      if (isStopped) {
        break;
      }
      ledger.sending(acks.size());
      var ack = producer.send(again(each));
      if (ack.isCompletedExceptionally()) { // before it returned: it was not taken
        ledger.refused(acks.size(), ack.exceptionNow());
        break;
      }
      acks.add(ack);
    }
    return acks;
  }

  private void settle(int number, CompletableFuture<RecordAck> ack) {
    if (!ack.isDone()) {
      return; // in doubt: the flush gave up
    }
    if (!ack.isCompletedExceptionally()) {
      ledger.written(number);
      return;
    }
    var cause = ack.exceptionNow();
    if (cause instanceof NaruException told && NOT_WRITTEN.contains(told.code())) {
      ledger.refused(number, cause);
    } else {
      ledger.blame(cause);
    }
  }

  private ProducerRecord<byte[], byte[]> again(Record taken) {
    return new ProducerRecord<>(
        target.topic(),
        OptionalInt.of(target.partition()),
        taken.timestamp() < 0 ? OptionalLong.empty() : OptionalLong.of(taken.timestamp()),
        bytes(taken.key()),
        bytes(taken.value()),
        headers(taken));
  }

  private static byte @Nullable [] bytes(Optional<ByteBuffer> field) {
    return field.map(Rewriting::copy).orElse(null);
  }

  private static byte[] copy(ByteBuffer field) {
    byte[] copy = new byte[field.remaining()];
    field.duplicate().get(copy);
    return copy;
  }

  private static List<RecordHeader> headers(Record taken) {
    var headers = new ArrayList<RecordHeader>();
    for (var each : taken.headers()) {
      headers.add(
          new RecordHeader(each.name(), each.value().map(Rewriting::copy).map(ByteBuffer::wrap)));
    }
    return headers;
  }

  /** Only after the ledger knows all of the batch: who is told may fail. */
  private void tellRuns(List<Record> records, List<CompletableFuture<RecordAck>> acks) {
    for (int i = 0; i < acks.size(); i++) {
      var ack = acks.get(i);
      if (ack.isDone() && !ack.isCompletedExceptionally()) {
        grow(records.get(i).offset(), ack.resultNow().offset());
      }
    }
    if (run.isPresent() && nanoTime.getAsLong() - runBeganNanos > RUN_OPEN_MAX.toNanos()) {
      endRun();
    }
  }

  private void grow(long from, long to) {
    var longer = run.flatMap(each -> each.with(from, to));
    if (longer.isEmpty()) {
      endRun();
      runBeganNanos = nanoTime.getAsLong();
    }
    run = Optional.of(longer.orElseGet(() -> new Run(from, to, 1)));
  }

  private void endRun() {
    var ended = run;
    run = Optional.empty();
    ended.ifPresent(onRun);
  }

  @Override
  public boolean takesMore() {
    return !isStopped && ledger.isSettled();
  }

  @Override
  public void finish() {
    endRun();
  }

  @Override
  public long count() {
    return ledger.count();
  }
}
