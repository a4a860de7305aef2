package dev.naru.cli.perf;

import dev.naru.client.ConsumerRecord;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.producer.Producer;
import dev.naru.client.producer.SendCallback;
import dev.naru.record.TimestampType;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What is sent is acknowledged at once and returned by the next poll; each takes its time. */
final class LoopbackTopic implements Producer<byte[], byte[]> {

  static final Duration SEND = Duration.ofMillis(1);
  static final Duration POLL = Duration.ofMillis(2);

  private final Deque<ConsumerRecord<byte[], byte[]>> sent = new ArrayDeque<>();
  private int count;
  private long nowNanos;
  private boolean hasOtherWriter;

  void hasOtherWriter() {
    hasOtherWriter = true;
  }

  int count() {
    return count;
  }

  long nowNanos() {
    return nowNanos;
  }

  @Override
  public CompletableFuture<RecordAck> send(ProducerRecord<byte[], byte[]> taken) {
    nowNanos += SEND.toNanos();
    long offset = hasOtherWriter ? count + 1 : count;
    sent.add(
        new ConsumerRecord<>(
            "t", 0, offset, 1, 0, TimestampType.CREATE_TIME, null, taken.value(), List.of()));
    return CompletableFuture.completedFuture(RecordAck.at("t", 0, count++, 0));
  }

  @Override
  public void send(ProducerRecord<byte[], byte[]> taken, SendCallback callback) {
    callback.onCompletion(send(taken).join(), null);
  }

  @Override
  public CompletableFuture<List<RecordAck>> send(List<ProducerRecord<byte[], byte[]>> records) {
    throw new UnsupportedOperationException("Expected one record at a time");
  }

  /** Only polls are answered. */
  @SuppressWarnings("unchecked")
  Consumer<byte[], byte[]> consumer() {
    return (Consumer<byte[], byte[]>)
        Proxy.newProxyInstance(
            Consumer.class.getClassLoader(),
            new Class<?>[] {Consumer.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("poll")) {
                throw new UnsupportedOperationException("Expected only polls");
              }
              nowNanos += POLL.toNanos();
              return sent.isEmpty() ? List.of() : List.of(sent.remove());
            });
  }

  @Override
  public void flush() {}

  @Override
  public void close(Duration limit) {}

  @Override
  public void close() {}
}
