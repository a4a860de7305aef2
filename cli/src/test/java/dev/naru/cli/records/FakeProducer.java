package dev.naru.cli.records;

import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.producer.Producer;
import dev.naru.client.producer.SendCallback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Takes records; whoever holds it decides when and how each one ends. */
final class FakeProducer implements Producer<byte[], byte[]> {

  private final List<CompletableFuture<RecordAck>> sent = new ArrayList<>();

  @Override
  public synchronized CompletableFuture<RecordAck> send(ProducerRecord<byte[], byte[]> taken) {
    var ack = new CompletableFuture<RecordAck>();
    sent.add(ack);
    return ack;
  }

  @Override
  public void send(ProducerRecord<byte[], byte[]> taken, SendCallback callback) {
    throw new UnsupportedOperationException("Expected to be asked for futures");
  }

  @Override
  public CompletableFuture<List<RecordAck>> send(List<ProducerRecord<byte[], byte[]>> records) {
    throw new UnsupportedOperationException("Expected one record at a time");
  }

  synchronized int count() {
    return sent.size();
  }

  synchronized void ack(int number) {
    sent.get(number).complete(RecordAck.at("orders", 0, number, 1000 + number));
  }

  synchronized void fail(int number, RuntimeException cause) {
    sent.get(number).completeExceptionally(cause);
  }

  @Override
  public void flush() {}

  @Override
  public void close(Duration limit) {}

  @Override
  public void close() {}
}
