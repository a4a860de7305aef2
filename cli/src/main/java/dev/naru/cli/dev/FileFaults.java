package dev.naru.cli.dev;

import dev.naru.cli.CommandFailure;
import dev.naru.types.ErrorCode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Turns what the file system refuses into what its user is told. */
final class FileFaults {

  private FileFaults() {}

  /** Something about this path, or about a file below it. */
  static CommandFailure of(Path path, IOException cause) {
    var file =
        cause instanceof FileSystemException fault
            ? Optional.ofNullable(fault.getFile()).orElse(path.toString())
            : path.toString();
    return CommandFailure.precondition(
            ErrorCode.STORAGE_FAILED,
            "Expected to read and write %s, but %s".formatted(file, reason(cause)))
        .withHint("--data-dir DIR names another directory");
  }

  private static String reason(IOException cause) {
    return switch (cause) {
      case AccessDeniedException denied -> "permission is denied";
      case FileAlreadyExistsException present -> "it is no directory";
      case NoSuchFileException absent -> "it cannot be made";
      case FileSystemException fault when fault.getReason() != null -> fault.getReason();
      default -> String.valueOf(cause.getMessage());
    };
  }
}
