package dev.naru.chaos.host;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a node's JVM finds its classes. */
record ClassPath(List<Path> entries) {

  /** That of this test without the classes of its own module, of which a node needs none. */
  static ClassPath ofNodes() {
    var own = Path.of("target").toAbsolutePath();
    return new ClassPath(
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(Path::of)
            .filter(entry -> !entry.toAbsolutePath().startsWith(own))
            .toList());
  }

  boolean isOfJars() {
    return entries.stream().allMatch(Files::isRegularFile);
  }

  /** Changes when a jar does. */
  String state() throws IOException {
    var state = new StringBuilder();
    for (var entry : entries) {
      state.append(entry).append(' ').append(Files.size(entry)).append(' ');
      state.append(Files.getLastModifiedTime(entry)).append('\n');
    }
    return state.toString();
  }

  /** As {@code -cp} takes it. */
  String text() {
    return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
