package dev.naru.kafka.clients.producer;

import dev.naru.kafka.common.PartitionInfo;
import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Sends records. Any number of threads may share one. There are no transactions. */
public interface Producer<K, V> extends Closeable {

  /** Takes a record; waits only for memory and metadata, at most {@code max.block.ms}. */
  Future<RecordMetadata> send(ProducerRecord<K, V> record);

  /** The same, and calls this in the end; null is none. */
  Future<RecordMetadata> send(ProducerRecord<K, V> record, @Nullable Callback callback);

  /**
   * Sends what was taken, and waits until all of it is acknowledged or has failed.
   *
   * @throws dev.naru.kafka.common.errors.InterruptException if the thread is interrupted before
   * @throws dev.naru.kafka.common.errors.TimeoutException if callbacks take so long that not all
   *     have been called
   */
  void flush();

  /** The partitions of a topic. Asks the cluster. */
  List<PartitionInfo> partitionsFor(String topic);

  /** Sends what it holds, for at most {@code delivery.timeout.ms}, and closes. */
  @Override
  void close();

  /** The same for no longer than this; what is left then fails. */
  void close(Duration timeout);
}
