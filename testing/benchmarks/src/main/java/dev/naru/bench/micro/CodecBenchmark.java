package dev.naru.bench.micro;

import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchCheck;
import dev.naru.record.Compression;
import dev.naru.record.InflationLimit;
import dev.naru.record.RecordReader;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** A record into a batch and out of it again; times are of one record. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {

  private static final int RECORDS = 100;
  private static final int BATCH_BYTES = 1 << 20;

  /** Bytes of a value. */
  @Param({"100", "1024"})
  private int recordBytes;

  /** How the batch is compressed. */
  @Param({"NONE", "LZ4", "ZSTD"})
  private Compression compression = Compression.NONE;

  private final BatchBuilder builder = new BatchBuilder(BATCH_BYTES);
  private byte[] value = new byte[0];
  private BatchBytes batch = BatchBytes.EMPTY;

  /** Makes what is read. */
  @Setup
  public void makeBatch() {
    value = Batches.value(recordBytes);
    batch = Batches.batch(new BatchBuilder(BATCH_BYTES), value, RECORDS, compression);
  }

  /** Appends and builds, checksum included. */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public BatchBytes encode() {
    return Batches.batch(builder, value, RECORDS, compression);
  }

  /** Reads every record. */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public void decode(Blackhole sink) {
    var records = RecordReader.open(batch, InflationLimit.DEFAULT);
    while (records.hasNext()) {
      sink.consume(records.next());
    }
  }

  /** What the leader does with a batch before it takes it. */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public Object check() {
    return BatchCheck.clientBatch(batch);
  }
}
