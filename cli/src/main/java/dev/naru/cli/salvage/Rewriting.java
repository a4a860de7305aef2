package dev.naru.cli.salvage;

import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.TopicPartition;
import dev.naru.client.producer.Producer;
import dev.naru.record.Record;
import dev.naru.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records again, in their order, with keys, headers and times as they were, and tells which
 * offsets they got: a run at a time, for as long as both sides go up by one. Owned by one thread.
 */
public final class Rewriting implements RecordOutlet {

  /** Of records whose acknowledgement is awaited; the producer's memory bounds their bytes. */
  private static final int SENT_MAX = 10_000;

  private final Producer<byte[], byte[]> producer;
  private final TopicPartition target;
  private final Consumer<Run> onRun;
  private final Deque<Sent> sent = new ArrayDeque<>();
  private Optional<Run> run = Optional.empty();
  private Optional<Failure> failure = Optional.empty();
  private long written;

  /**
   * For one pass.
   *
   * @param onRun told of each run when it has ended
   */
  public Rewriting(Producer<byte[], byte[]> producer, TopicPartition target, Consumer<Run> onRun) {
    this.producer = producer;
    this.target = target;
    this.onRun = onRun;
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

  /**
   * The first record that could not be written.
   *
   * @param offset where it was cut off
   */
  public record Failure(long offset, Throwable cause) {}

  private record Sent(long offset, CompletableFuture<RecordAck> ack) {}

  @Override
  public void put(Record taken) {
    if (sent.size() >= SENT_MAX) {
      settleFirst();
    }
    while (!sent.isEmpty() && sent.getFirst().ack().isDone()) {
      settleFirst();
    }
    if (failure.isEmpty()) {
      sent.add(new Sent(taken.offset(), producer.send(again(taken))));
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

  private void settleFirst() {
    var first = sent.removeFirst();
    try {
      var ack = first.ack().join();
      written++;
      grow(first.offset(), ack.offset());
    } catch (CompletionException e) {
      if (failure.isEmpty()) {
        var cause = Optional.ofNullable(e.getCause()).orElse(e);
        failure = Optional.of(new Failure(first.offset(), cause));
      }
    }
  }

  private void grow(long from, long to) {
    var longer = run.flatMap(each -> each.with(from, to));
    if (longer.isEmpty()) {
      run.ifPresent(onRun);
    }
    run = Optional.of(longer.orElseGet(() -> new Run(from, to, 1)));
  }

  @Override
  public boolean hasFailed() {
    return failure.isPresent();
  }

  /** What could not be written first, if anything. */
  public Optional<Failure> failure() {
    return failure;
  }

  @Override
  public void finish() {
    producer.flush();
    while (!sent.isEmpty()) {
      settleFirst();
    }
    run.ifPresent(onRun);
    run = Optional.empty();
  }

  @Override
  public long count() {
    return written;
  }
}
