package dev.naru.bench.micro;

import dev.naru.log.LogConfig;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.NioDisk;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.DataDirectory.Opening.Opened;
import dev.naru.log.store.DirectoryMeta;
import dev.naru.log.store.LogStore;
import dev.naru.log.store.RecoveryListener;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A batch into a log in the page cache and out of it again. Each iteration has a log of its own; it
 * is bounded by a number of batches, so that it cannot fill a disk.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
public class LogBenchmark {

  private static final String CLUSTER = "bench";
  private static final NodeId NODE = new NodeId(1);
  private static final LeaderEpoch EPOCH = new LeaderEpoch(1);
  private static final int BYTES = 256 << 20; // of each shot
  private static final int FETCH_BYTES = 1 << 20;
  private static final int RECORD_BYTES = 1024;

  /** Bytes of a batch. */
  @Param({"16384", "65536", "262144"})
  private int batchBytes;

  private Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init") // by open
  private LogStore store;

  @SuppressWarnings("NullAway.Init") // by newLogForAppend
  private PartitionLog log;

  @SuppressWarnings("NullAway.Init") // by open
  private PartitionLog filled;

  private BatchBytes batch = BatchBytes.EMPTY;
  private int logs;

  /** Opens a store in a directory that did not exist. */
  @Setup
  public void open() throws IOException {
    var value = Batches.value(RECORD_BYTES);
    batch =
        Batches.batch(
            new BatchBuilder(2 * batchBytes), value, batchBytes / RECORD_BYTES, Compression.NONE);
    folder = Files.createTempDirectory(Path.of("target"), "log-benchmark");
    store =
        LogStore.open(
            List.of(directory()), LogConfig.DEFAULTS, Runnable::run, RecoveryListener.NONE);
    filled = newLog();
    append(filled);
  }

  private DataDirectory directory() {
    var disk = NioDisk.at(folder);
    var refused = DataDirectory.format(disk, new DirectoryMeta(CLUSTER, NODE, new UUID(1, 1)));
    if (refused.isEmpty()
        && DataDirectory.open(NioDisk.at(folder), CLUSTER, NODE, () -> 0, failure -> {})
            instanceof Opened(var directory)) {
      return directory;
    }
    throw new IllegalStateException("Expected an empty directory " + folder + ", but " + refused);
  }

  /** An empty log for each shot of append. */
  @Setup(Level.Iteration)
  public void newLogForAppend() {
    log = newLog();
  }

  private PartitionLog newLog() {
    return store.create(new PartitionId(new TopicId(new UUID(2, logs++)), 0), LogConfig.DEFAULTS);
  }

  /** Deletes what the last shot wrote. */
  @TearDown(Level.Iteration)
  public void deleteLog() throws IOException {
    store.setAside(log.id(), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "measured");
    delete(folder.resolve("lost+found"));
  }

  /** 256 MiB, batch by batch. */
  @Benchmark
  public long append() {
    return append(log);
  }

  private long append(PartitionLog to) {
    for (int written = 0; written < BYTES; written += batch.size()) {
      to.appendAsLeader(batch, EPOCH, 0);
    }
    return to.end();
  }

  /** 256 MiB, a MiB at a time. */
  @Benchmark
  public long fetch() {
    long offset = 0;
    while (offset < filled.end()) {
      offset = filled.view().read(offset, FETCH_BYTES, filled.end()).nextOffset();
    }
    return offset;
  }

  /** Closes the store and deletes all it has. */
  @TearDown
  public void delete() throws IOException {
    store.close();
    delete(folder);
  }

  private static void delete(Path all) throws IOException {
    try (var files = Files.walk(all)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
