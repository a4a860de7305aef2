package dev.naru.testing.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;

/** The directory of one replica, seen from outside: also while a node works in it. */
public record PartitionFolder(Path path) {

  /** The one of this partition in a data directory. */
  public static PartitionFolder of(Path dataDirectory, UUID topic, int partition) {
    return new PartitionFolder(dataDirectory.resolve(topic + "-" + partition));
  }

  /** The sizes of its segments by their first offset; a file may go while they are being listed. */
  public NavigableMap<Long, Long> sizes() throws IOException {
    var sizes = new TreeMap<Long, Long>();
    for (var file : files()) {
      try {
        sizes.put(SegmentFile.base(file), Files.size(file));
      } catch (NoSuchFileException goneMeanwhile) {
        // it does not count
      }
    }
    return sizes;
  }

  /** All segments, in order. For a node that has stopped. */
  public List<SegmentFile> segments() throws IOException {
    var segments = new ArrayList<SegmentFile>();
    for (var file : files()) {
      segments.add(SegmentFile.read(file));
    }
    return segments;
  }

  /** All batches, in order, one at a time. For a node that has stopped. */
  public LogReader batches() throws IOException {
    return new LogReader(files());
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(path)) {
      return files.filter(SegmentFile::isOne).sorted().toList();
    }
  }
}
