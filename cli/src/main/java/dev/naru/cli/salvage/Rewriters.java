package dev.naru.cli.salvage;

import dev.naru.client.Acks;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.producer.Producer;
import dev.naru.record.BatchBuilder;
import dev.naru.record.Compression;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * Producers for records that are written again, one for each way to compress: a record that only
 * fitted into its log because it was compressed has to be compressed again. Owned by one thread.
 *
 * <p>Their batches wait until they are flushed, so that the records of one batch go out as one
 * batch: a leader takes all of a batch or nothing, unless it has to be split.
 */
public final class Rewriters implements AutoCloseable {

  /** Larger than any topic lets a batch be; that is how far it may fill, not what it takes. */
  private static final int BATCH_BYTES = 16 << 20;

  /** Room for the largest record there can be, before it is compressed, and its frame. */
  private static final long MEMORY_BYTES = BatchBuilder.BATCH_BYTES_MAX + (long) BATCH_BYTES;

  private static final Duration LINGER = Duration.ofSeconds(10);
  private static final Duration DELIVERY = Duration.ofMinutes(2);

  private final NaruClient naru;
  private final Duration delivery;
  private final Map<Compression, Producer<byte[], byte[]>> producers =
      new EnumMap<>(Compression.class);

  /**
   * Makes them when they are asked for.
   *
   * @param callLimit how long the client waits for an answer of a node
   */
  public Rewriters(NaruClient naru, Duration callLimit) {
    this.naru = naru;
    var least = LINGER.plus(callLimit);
    this.delivery = DELIVERY.compareTo(least) > 0 ? DELIVERY : least;
  }

  /** The one that compresses so. */
  public Producer<byte[], byte[]> with(Compression compression) {
    return producers.computeIfAbsent(compression, this::make);
  }

  private Producer<byte[], byte[]> make(Compression compression) {
    return naru.producer(Codec.bytes(), Codec.bytes())
        .acks(Acks.ALL)
        .compression(compression)
        .batchSize(BATCH_BYTES)
        .maxRequestSize(BATCH_BYTES)
        .bufferMemory(MEMORY_BYTES)
        .linger(LINGER)
        .deliveryTimeout(delivery)
        .retries(0) // what is sent again may be stored twice, and nobody would be told
        .build();
  }

  @Override
  public void close() {
    producers.values().forEach(Producer::close);
  }
}
