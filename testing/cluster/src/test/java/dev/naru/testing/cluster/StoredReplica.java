package dev.naru.testing.cluster;

import dev.naru.record.BatchBytes;
import dev.naru.record.BatchHeader;
import dev.naru.record.InflationLimit;
import dev.naru.record.Record;
import dev.naru.record.RecordReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one replica has on disk, also while its node works on it.
 *
 * @param cleanEnd below this no key may occur twice
 * @param purgedBelow below this deletions may be gone
 * @param end where its last whole batch ends
 */
record StoredReplica(long cleanEnd, long purgedBelow, long end, List<Row> rows) {

  StoredReplica {
    rows = List.copyOf(rows);
  }

  /** A record; without a value it deletes its key. */
  record Row(long offset, String key, Optional<String> value) {}

  /**
   * Reads a replica's directory. Its checkpoint comes first: what is read later is at least as
   * clean.
   *
   * @throws AssertionError if its batches are no chain, as may be while a segment is replaced
   */
  static StoredReplica read(Path directory) {
    try {
      var state = checkpoint(directory.resolve("compaction"));
      var rows = new ArrayList<Row>();
      long end = -1;
      for (Path log : logs(directory)) {
        long base = Long.parseLong(log.getFileName().toString().substring(0, 20));
        if (end >= 0 && base != end) {
          throw new AssertionError("Expected " + log + " to begin at " + end);
        }
        end = read(base, BatchBytes.of(ByteBuffer.wrap(Files.readAllBytes(log))), rows);
      }
      return new StoredReplica(state.get(0), state.get(1), end, rows);
    } catch (IOException e) { // NoSuchFile: it was replaced
      throw new AssertionError("Expected to read " + directory, e);
    }
  }

  private static List<Long> checkpoint(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of(0L, 0L);
    }
    var lines = Files.readString(file).lines();
    var numbers = new TreeMap<String, Long>();
    lines
        .filter(line -> line.startsWith("clean-end ") || line.startsWith("purged-below "))
        .map(line -> line.split(" "))
        .forEach(words -> numbers.put(words[0], Long.valueOf(words[1])));
    return List.of(numbers.get("clean-end"), numbers.get("purged-below"));
  }

  private static List<Path> logs(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The last batch may be one that is just being written. */
  private static long read(long base, BatchBytes bytes, List<Row> rows) {
    long end = base;
    int at = 0;
    while (bytes.size() - at >= BatchHeader.SIZE) {
      var header = bytes.headerAt(at);
      if (header.sizeInBytes() > bytes.size() - at) {
        return end;
      }
      if (header.baseOffset() != end) {
        throw new AssertionError(
            "Expected a batch at offset %d, but was %s".formatted(end, header));
      }
      RecordReader.open(bytes.slice(at, header.sizeInBytes()), InflationLimit.DEFAULT)
          .forEachRemaining(record -> rows.add(rowOf(record)));
      at += header.sizeInBytes();
      end = header.nextOffset();
    }
    return end;
  }

  private static Row rowOf(Record record) {
    return new Row(
        record.offset(), text(record.key().orElseThrow()), record.value().map(StoredReplica::text));
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  boolean isClean() {
    return cleanEnd == end;
  }

  /** The keys of the clean part, as often as they occur. */
  List<String> cleanKeys() {
    return rows.stream().filter(row -> row.offset < cleanEnd).map(Row::key).toList();
  }

  /** What a reader ends up with. */
  SortedMap<String, Row> visible() {
    var visible = new TreeMap<String, Row>();
    rows.forEach(row -> visible.put(row.key, row));
    visible.values().removeIf(row -> row.value.isEmpty());
    return visible;
  }
}
