package dev.naru.cli.debug;

import dev.naru.cli.CommandFailure;
import dev.naru.log.disk.ReadOnlyDisk;
import dev.naru.log.disk.StorageException;
import dev.naru.log.inspect.Detail;
import dev.naru.log.inspect.Inspection;
import dev.naru.log.inspect.Wanted;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A file or directory that was named to be looked into. It is looked at from the data directory it
 * seems to lie in, because what lies beside it tells what it must hold.
 *
 * @param given as it was named
 * @param root the directory to look from
 * @param name its name from there
 */
public record FilesOfNode(Path given, Path root, String name, boolean isDirectory) {

  /** What was named by this path. */
  public static FilesOfNode at(Path given) {
    try {
      var real = given.toRealPath();
      return Files.isDirectory(real) ? directory(given, real) : file(given, real);
    } catch (NoSuchFileException e) {
      throw CommandFailure.usage("Expected a file, but there is no " + given);
    } catch (AccessDeniedException e) {
      throw CommandFailure.usage("Expected a file that may be read, but not so " + given);
    } catch (IOException e) {
      throw CommandFailure.of(
          ErrorCode.STORAGE_FAILED, "Expected to read " + given + ", but: " + e.getMessage());
    }
  }

  private static FilesOfNode directory(Path given, Path real) {
    String last = String.valueOf(real.getFileName());
    var parent = real.getParent();
    return parent != null && isLog(last)
        ? new FilesOfNode(given, parent, last, true)
        : new FilesOfNode(given, real, "", true);
  }

  private static FilesOfNode file(Path given, Path real) {
    if (!Files.isRegularFile(real)) {
      throw CommandFailure.usage("Expected a file or a directory, but was neither: " + given);
    }
    var parent = Optional.ofNullable(real.getParent()).orElse(real);
    var root = Optional.ofNullable(parent.getParent()).orElse(parent);
    return new FilesOfNode(given, root, root.relativize(real).toString(), false);
  }

  private static boolean isLog(String name) {
    try {
      PartitionId.parse(name);
      return true;
    } catch (IllegalArgumentException other) {
      return false;
    }
  }

  /** How a file of it is called in what is printed. */
  public String path(String file) {
    if (file.equals(name)) {
      return given.toString();
    }
    return given.resolve(Path.of(name).relativize(Path.of(file))).toString();
  }

  /** Tells what it holds; returns what is wrong with it, if anything is. */
  public Optional<String> inspect(Wanted wanted, Consumer<Detail> listener) {
    try (var disk = ReadOnlyDisk.at(root);
        var inspection = new Inspection(disk, wanted, listener)) {
      if (isDirectory) {
        inspection.directory(name);
        if (inspection.files() == 0) {
          throw CommandFailure.usage(
              "Expected the directory of a log, or one of data.dirs, but there is no file of a node"
                  + " in "
                  + given);
        }
      } else if (inspection.isOurs(name)) {
        inspection.file(name);
      } else {
        throw CommandFailure.usage(
            "Expected a file that a node writes, such as %020d.log, but was %s"
                .formatted(0, given));
      }
      return inspection
          .firstFault()
          .map(first ->
              "%s is damaged at byte %d: %s%s"
                  .formatted(
                      path(first.file()),
                      first.position(),
                      first.reason(),
                      inspection.faults() > 1
                          ? " (and %d more)".formatted(inspection.faults() - 1)
                          : ""));
    } catch (StorageException e) {
      throw CommandFailure.of(ErrorCode.STORAGE_FAILED, String.valueOf(e.getMessage()));
    }
  }
}
