package dev.naru.testing.history;

import dev.naru.testing.files.BatchWriter;
import dev.naru.testing.history.FinalState.Replica;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Writes what a node has stored of a partition: batches of some records, segments of some. */
final class ReplicaWriter {

  static final int BATCH = 2;
  private static final int SEGMENT = 3 * BATCH;
  private static final int PAYLOAD_BYTES = 40;

  private final Path directory;

  ReplicaWriter(Path directory) {
    this.directory = directory;
  }

  /** All of the log as it is told now, on this node, under one leadership. */
  Replica write(int node, Tale tale, PartitionName partition) {
    return write(node, partition, tale.values(partition), 1, true);
  }

  Replica write(
      int node,
      PartitionName partition,
      NavigableMap<Long, Value> log,
      int leaderEpoch,
      boolean isInSync) {
    var folder = folder(node, partition);
    for (long base = log.firstKey(); base <= log.lastKey(); base += BATCH) {
      long last = Math.min(base + BATCH - 1, log.lastKey());
      append(folder, log.firstKey(), base, last, leaderEpoch, log.subMap(base, base + BATCH));
    }
    return new Replica(node, folder, isInSync);
  }

  /** Adds a whole batch to a log that begins at offset 0. */
  void append(Path folder, long base, int leaderEpoch, Map<Long, Value> records) {
    append(folder, 0, base, base + BATCH - 1, leaderEpoch, records);
  }

  private static void append(
      Path folder, long first, long base, long last, int leaderEpoch, Map<Long, Value> records) {
    long segment = base - (base - first) % SEGMENT;
    var payloads = new TreeMap<Long, byte[]>();
    records.forEach((offset, value) -> payloads.put(offset, Payload.of(value, PAYLOAD_BYTES)));
    try {
      Files.createDirectories(folder);
      Files.write(
          folder.resolve("%020d.log".formatted(segment)),
          BatchWriter.batch(base, last, leaderEpoch, payloads),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path folder(int node, PartitionName partition) {
    return directory.resolve(node + "-" + partition.topic() + "-" + partition.partition());
  }

  /** All segments of all nodes. */
  List<Path> files() {
    try (var all = Files.walk(directory)) {
      return all.filter(path -> path.toString().endsWith(".log")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The segment that begins here. */
  Path segment(int node, PartitionName partition, long base) {
    return folder(node, partition).resolve("%020d.log".formatted(base));
  }
}
