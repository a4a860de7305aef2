package dev.naru.client.producer;

import dev.naru.client.TopicPartition;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchDeflater;
import dev.naru.record.Compression;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A record into the queue of its partition; a batch that is full is taken, encoded and acknowledged
 * at once. That is all a producer does but for the network. Times are of one record.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class AccumulatorBenchmark {

  private static final TopicPartition PARTITION = new TopicPartition("t", 0);
  private static final long TIMESTAMP = 1_800_000_000_000L;
  private static final SendCallback IGNORE = (ack, failure) -> {};

  /** Bytes of a value. */
  @Param({"100", "1024"})
  private int recordBytes;

  /** Bytes of a batch: the default, and the one of tuned producers. */
  @Param({"16384", "262144"})
  private int batchBytes;

  private final BatchQueue queue = new BatchQueue(new Saturation(), KeyTap.NONE);
  private final BatchDeflater deflater = new BatchDeflater(Compression.NONE);
  private MemoryBudget memory = new MemoryBudget(0, new ArrayPool(0, 0, 0));
  private byte[] value = {};
  private long recordBytesMax;
  private long acknowledged;

  /** Makes the value, and what batches lie in. */
  @Setup
  public void makeValue() {
    value = new byte[recordBytes];
    memory = new MemoryBudget(32L << 20, new ArrayPool(batchBytes, batchBytes, 32L << 20));
    recordBytesMax = BatchBuilder.sizeMaxOf(0, recordBytes, List.of());
  }

  /** One record. */
  @Benchmark
  public void append() {
    if (!queue.tryAppend(null, recordBytesMax, TIMESTAMP, null, value, List.of(), IGNORE)) {
      appendToNew();
    }
  }

  private void appendToNew() {
    queue.endBatch();
    queue.takeFull().ifPresent(this::acknowledge);
    var fresh =
        new Batch(PARTITION, memory, take(), batchBytes, batchBytes, queue.recordsExpected(), 0);
    queue.appendTo(fresh, null, recordBytesMax, TIMESTAMP, null, value, List.of(), IGNORE);
  }

  private byte[] take() {
    try {
      return Objects.requireNonNull(memory.take(batchBytes, 0, () -> {}));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void acknowledge(Batch batch) {
    batch.encode(deflater);
    batch.end();
    batch.acknowledge(acknowledged++, OptionalLong.empty());
  }
}
