package dev.naru.log;

import dev.naru.log.AppendResult.Appended;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.Disk;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.DataDirectory.Opening;
import dev.naru.log.store.DirectoryMeta;
import dev.naru.log.store.LogStore;
import dev.naru.log.store.RecoveryListener;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import dev.naru.record.TimestampType;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** A store of one directory, on whatever disk, and batches to put into its logs. */
public final class LogFixture {

  /** The cluster of all fixtures. */
  public static final String CLUSTER = "2f0c0d0e-0000-4000-8000-000000000001";

  /** The node of all fixtures. */
  public static final NodeId NODE = new NodeId(1);

  /** The time in manifests. */
  public static final long NOW_MILLIS = 1_767_225_600_000L;

  /** Small segments, so that logs roll. */
  public static final LogConfig SMALL = new LogConfig(2048, TimestampType.CREATE_TIME);

  private static final UUID DIRECTORY = new UUID(7, 7);

  private LogFixture() {}

  /** A partition of some topic. */
  public static PartitionId partition(int number) {
    return new PartitionId(TopicId.of(0x0a0b0c0d0e0f1011L, 0x8000000000000001L), number);
  }

  /** An empty disk that is formatted. */
  public static CrashableDisk formatted() {
    var disk = CrashableDisk.empty();
    format(disk);
    return disk;
  }

  /** Formats a disk for the cluster and node of all fixtures. */
  public static void format(Disk disk) {
    var refused = DataDirectory.format(disk, new DirectoryMeta(CLUSTER, NODE, DIRECTORY));
    if (refused.isPresent()) {
      throw new AssertionError(refused.get().toString());
    }
  }

  /** Recovers what is on a formatted disk, on this thread. */
  public static LogStore open(Disk disk) {
    return LogStore.open(List.of(directory(disk)), SMALL, Runnable::run, RecoveryListener.NONE);
  }

  /** Opens a formatted disk without recovering its logs. */
  public static DataDirectory directory(Disk disk) {
    return switch (DataDirectory.open(disk, CLUSTER, NODE, () -> NOW_MILLIS, failure -> {})) {
      case Opening.Opened(var directory) -> directory;
      case Opening.NotOpened(var why) -> throw new AssertionError(why.toString());
    };
  }

  /** A batch of so many records, each with a value of so many bytes, a millisecond apart. */
  public static BatchBytes batch(int records, int valueBytes, long timestamp) {
    return batch(records, valueBytes, timestamp, Compression.NONE);
  }

  /** The same, compressed. */
  public static BatchBytes batch(
      int records, int valueBytes, long timestamp, Compression compression) {
    return records(records, valueBytes, timestamp).build(compression);
  }

  /** What becomes a batch of so many records. */
  static BatchBuilder records(int records, int valueBytes, long timestamp) {
    var builder = new BatchBuilder(1 << 20);
    for (int i = 0; i < records; i++) {
      byte[] key = ("key-" + i).getBytes(StandardCharsets.UTF_8);
      builder.append(timestamp + i, key, new byte[valueBytes], List.of());
    }
    return builder;
  }

  /** A batch of so many records of ten bytes. */
  public static BatchBytes batch(int records) {
    return batch(records, 10, NOW_MILLIS);
  }

  /** A batch of so many records of ten bytes, with the numbers of a producer in epoch 0. */
  public static BatchBytes numbered(int records, long producer, int sequence) {
    var builder = records(records, 10, NOW_MILLIS);
    builder.producer(producer, (short) 0, sequence);
    return builder.build(Compression.NONE);
  }

  /** Appends a batch of so many records as the leader of an epoch. */
  public static Appended append(PartitionLog log, int records, int epoch) {
    return log.appendAsLeader(batch(records), new LeaderEpoch(epoch), NOW_MILLIS);
  }

  /** Has all of a log forced, and the log hear of it. */
  public static void groupCommit(LogStore store, PartitionLog log) {
    store.requestForce(log, log::forced);
    store.directories().forEach(directory -> store.rounds(directory).runRound());
  }

  /** As a group commit; and how far the log goes is on record, on disk. */
  public static void force(LogStore store, PartitionLog log) {
    groupCommit(store, log);
    store.directories().forEach(directory -> store.rounds(directory).forceRecord());
  }
}
