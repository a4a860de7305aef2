package dev.naru.chaos;

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
record PartitionFolder(Path path) {

  static PartitionFolder of(Path dataDirectory, UUID topic, int partition) {
    return new PartitionFolder(dataDirectory.resolve(topic + "-" + partition));
  }

  /** The sizes of its segments by their first offset; a file may go while they are being listed. */
  NavigableMap<Long, Long> sizes() throws IOException {
    var sizes = new TreeMap<Long, Long>();
    try (var files = Files.newDirectoryStream(path)) {
      for (var file : files) {
        if (SegmentFile.isOne(file)) {
          try {
            sizes.put(
                Long.valueOf(String.valueOf(file.getFileName()).substring(0, 20)),
                Files.size(file));
          } catch (NoSuchFileException goneMeanwhile) {
            // it does not count
          }
        }
      }
    }
    return sizes;
  }

  /** All segments, in order. For a node that has stopped. */
  List<SegmentFile> segments() throws IOException {
    var segments = new ArrayList<SegmentFile>();
    try (var files = Files.list(path)) {
      for (var file : files.filter(SegmentFile::isOne).sorted().toList()) {
        segments.add(SegmentFile.read(file));
      }
    }
    return segments;
  }
}
