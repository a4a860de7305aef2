package dev.naru.cli.salvage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.producer.Producer;
import dev.naru.client.producer.SendCallback;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Settles nothing before it is flushed, and then on a thread of its own, as the real one does. What
 * becomes of a record its value says: "large" is refused before it is sent, "bad" by the leader,
 * "late" is written without an answer in time, "lost" makes the flush give up. All others get the
 * next offset from 100 on.
 */
final class LateProducer implements Producer<byte[], byte[]> {

  private record Pending(ProducerRecord<byte[], byte[]> record, CompletableFuture<RecordAck> ack) {

    String value() {
      return Optional.ofNullable(record.value()).map(bytes -> new String(bytes, UTF_8)).orElse("");
    }
  }

  private final List<ProducerRecord<byte[], byte[]>> written = new ArrayList<>();
  private final List<Pending> pending = new ArrayList<>();
  private Runnable beforeFlush = () -> {};
  private long end = 100;

  /** Runs this when it is flushed, before anything is settled. */
  void beforeFlush(Runnable action) {
    beforeFlush = action;
  }

  /** Leaves out so many offsets: somebody else writes. */
  void skip(int offsets) {
    end += offsets;
  }

  List<ProducerRecord<byte[], byte[]>> written() {
    return written;
  }

  /** Their values. */
  List<String> values() {
    return written.stream()
        .map(each ->
            Optional.ofNullable(each.value()).map(bytes -> new String(bytes, UTF_8)).orElse("null"))
        .toList();
  }

  @Override
  public CompletableFuture<RecordAck> send(ProducerRecord<byte[], byte[]> record) {
    var sent = new Pending(record, new CompletableFuture<>());
    if (sent.value().equals("large")) {
      sent.ack()
          .completeExceptionally(new NaruException(ErrorCode.RECORD_TOO_LARGE, "Expected less"));
    } else {
      pending.add(sent);
    }
    return sent.ack();
  }

  @Override
  public void send(ProducerRecord<byte[], byte[]> record, SendCallback callback) {
    throw new UnsupportedOperationException("Expected to be asked for futures");
  }

  @Override
  public CompletableFuture<List<RecordAck>> send(List<ProducerRecord<byte[], byte[]>> records) {
    throw new UnsupportedOperationException("Expected one record at a time");
  }

  @Override
  public void flush() {
    beforeFlush.run();
    var settling = new Thread(() -> pending.forEach(this::settle), "late-acks");
    settling.start();
    try {
      settling.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    boolean isLost = pending.stream().anyMatch(each -> !each.ack().isDone());
    pending.clear();
    if (isLost) {
      throw new NaruTimeoutException(ErrorCode.REQUEST_TIMEOUT, "Expected all to be settled");
    }
  }

  private void settle(Pending each) {
    switch (each.value()) {
      case "bad" ->
          each.ack()
              .completeExceptionally(new NaruException(ErrorCode.INVALID_RECORD, "Expected more"));
      case "late" -> {
        written.add(each.record());
        end++;
        each.ack()
            .completeExceptionally(
                new NaruTimeoutException(ErrorCode.DELIVERY_TIMEOUT, "Expected an answer"));
      }
      case "lost" -> {}
      default -> {
        written.add(each.record());
        each.ack().complete(RecordAck.at("orders", 0, end++, 1));
      }
    }
  }

  @Override
  public void close(Duration limit) {}

  @Override
  public void close() {}
}
