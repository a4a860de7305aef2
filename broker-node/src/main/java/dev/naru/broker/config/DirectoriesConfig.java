package dev.naru.broker.config;

import dev.naru.types.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/** Where a node keeps what must survive it. */
public record DirectoriesConfig(
    @Setting(
            key = "data.dirs",
            takes = "different directories",
            doc = "Directories for logs; best one a disk.")
        List<Path> data,
    @Setting(
            key = "metadata.dir",
            takes = "a directory outside data.dirs",
            doc = "The directory of the metadata log.")
        Path metadata) {

  /** Refuses no directory, one named twice, and directories that lie in each other. */
  public DirectoriesConfig {
    data = List.copyOf(data);
    if (data.isEmpty()) {
      throw new IllegalArgumentException("Expected data.dirs to name a directory, but it is empty");
    }
    var all = new TreeSet<>(data.stream().map(DirectoriesConfig::canonical).toList());
    if (all.size() < data.size()) {
      throw new IllegalArgumentException("Expected data.dirs to differ, but was " + data);
    }
    for (var directory : all) {
      if (contains(directory, metadata) || contains(metadata, directory)) {
        throw new IllegalArgumentException(
            "Expected metadata.dir to lie outside data.dirs, but was "
                + metadata
                + " beside "
                + directory);
      }
    }
  }

  private static boolean contains(Path outer, Path inner) {
    return canonical(inner).startsWith(canonical(outer));
  }

  private static Path canonical(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
