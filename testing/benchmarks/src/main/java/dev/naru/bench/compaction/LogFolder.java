package dev.naru.bench.compaction;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.TreeMap;

/** The folder of one partition's log, which its node may be working on. */
record LogFolder(Path path) {

  private static final String LOG = ".log";
  private static final String CLEAN_END = "clean-end ";

  /** Where the clean part ends, as the node has recorded it; 0 before that. */
  long cleanEnd() {
    try {
      return Files.readAllLines(path.resolve("compaction")).stream()
          .filter(line -> line.startsWith(CLEAN_END))
          .mapToLong(line -> Long.parseLong(line.substring(CLEAN_END.length())))
          .findFirst()
          .orElse(0);
    } catch (NoSuchFileException notYet) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first offset of the segment that is written to. */
  long activeBase() {
    return sizes().lastKey();
  }

  /** Bytes of all segments that are closed. */
  long closedBytes() {
    var sizes = sizes();
    return sizes.headMap(sizes.lastKey()).values().stream().mapToLong(Long::longValue).sum();
  }

  private TreeMap<Long, Long> sizes() {
    var sizes = new TreeMap<Long, Long>();
    try (var files = Files.list(path)) {
      for (Path file : files.filter(each -> each.toString().endsWith(LOG)).toList()) {
        var name = file.getFileName().toString();
        long base = Long.parseLong(name.substring(0, name.length() - LOG.length()));
        sizes.put(base, Files.size(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sizes;
  }
}
