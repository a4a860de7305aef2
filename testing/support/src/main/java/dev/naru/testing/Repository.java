package dev.naru.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The source tree, for tests that hold its pages against its sources. */
public record Repository(Path root) {

  /** Other builds write into them while this one reads. */
  private static final Set<String> NOT_SOURCES = Set.of("target", ".git", "data");

  /** The tree in which a test class was compiled. */
  public static Repository of(Class<?> test) {
    var folder = ModuleUnderTest.of(test).folder();
    while (!Files.exists(folder.resolve("mvnw"))) {
      folder = folder.resolve("..").normalize();
      if (folder.getNameCount() == 0) {
        throw new IllegalArgumentException(
            "Expected mvnw in a folder above %s, but there is none".formatted(test.getName()));
      }
    }
    return new Repository(folder);
  }

  /** Files of the sources whose path is wanted, in no order. */
  public List<Path> files(Predicate<String> wanted) {
    var found = new ArrayList<Path>();
    try {
      Files.walkFileTree(root, new Sources(wanted, found));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static final class Sources extends SimpleFileVisitor<Path> {

    private final Predicate<String> wanted;
    private final List<Path> found;

    Sources(Predicate<String> wanted, List<Path> found) {
      this.wanted = wanted;
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return NOT_SOURCES.contains(folder.getFileName().toString())
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (wanted.test(file.toString())) {
        found.add(file);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
