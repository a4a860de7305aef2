package dev.naru.client.producer;

import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Sends records. Any number of threads may share one.
 *
 * <p>Records of one thread keep their order inside a partition, also over retries and changes of
 * the leader. A record whose acknowledgement was lost on the way is sent again: with {@code
 * enable.idempotence} it is stored once all the same, without it may be stored twice. With it, a
 * batch that was sent and is not acknowledged within {@code delivery.timeout.ms} also fails those
 * that were sent behind it, at most four: whether they are stored is not known either.
 */
public interface Producer<K, V> extends AutoCloseable {

  /**
   * Takes a record. Waits only for memory and for the first metadata of a topic, at most {@code
   * max.block.ms} in all. Whatever goes wrong fails the future; it completes on the client's
   * callback thread, where nothing should take long and {@link #flush} is refused.
   *
   * @throws IllegalStateException if the producer is closed
   */
  CompletableFuture<RecordAck> send(ProducerRecord<K, V> record);

  /**
   * Takes a record like the other method of this name, without making a future: the cheapest way to
   * send. The callback is called once. For a record that was taken this happens on the client's
   * callback thread, in the order of the records of a partition; for one that was not, such as one
   * that is too large, here and before this returns.
   *
   * @throws IllegalStateException if the producer is closed; then nobody calls the callback
   */
  void send(ProducerRecord<K, V> record, SendCallback callback);

  /**
   * Takes records as one batch, which is stored whole or not at all, in this order and with nothing
   * between them. They are for one partition: that of those which name one or have a key; the
   * others go along. Waits like the other methods of this name. The future has an acknowledgement
   * for each record, in their order, or the one failure of them all: {@code INVALID_REQUEST} if
   * they would go to several partitions, {@code RECORD_TOO_LARGE} if they are too many for one
   * batch, which is never split.
   *
   * @throws IllegalStateException if the producer is closed
   */
  CompletableFuture<List<RecordAck>> send(List<ProducerRecord<K, V>> records);

  /**
   * Sends what was taken, and returns when every record taken before was acknowledged or has
   * failed.
   *
   * @throws dev.naru.client.NaruTimeoutException if the thread is interrupted before, which it then
   *     still is, or callbacks take so long that not all have been called
   */
  void flush();

  /**
   * Takes no more records, flushes for as long as this, and fails what is left. While another
   * thread closes it, this waits for that, for as long as this.
   */
  void close(Duration limit);

  /** Closes with {@code delivery.timeout.ms} as the limit, also of waiting for another thread. */
  @Override
  void close();
}
