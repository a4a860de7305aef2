package dev.naru.metadata.ratis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.ratis.server.storage.RaftStorage;

/**
 * Entries between the newest sound snapshot and the beginning of the log are missing. Ratis does
 * not look: it would search for the first of them for ever, and never close.
 */
final class LogGapException extends IOException {

  /** {@code log_0-41}, and {@code log_inprogress_42} for the one that is written to. */
  private static final Pattern SEGMENT = Pattern.compile("log_(?:inprogress_)?(\\d+)(?:-\\d+)?");

  private LogGapException(Path directory, long start, long applied) {
    super(
        "Expected the log in "
            + directory
            + " to go on where a snapshot ends, but the snapshot ends at entry "
            + applied
            + " and the log begins at entry "
            + start);
  }

  /** Compares the names of the files, before Ratis opens any of them. */
  static void refuse(RaftStorage storage, long applied) throws IOException {
    Path directory = storage.getStorageDir().getCurrentDir().toPath();
    OptionalLong start;
    try (var files = Files.list(directory)) {
      start = files.flatMapToLong(LogGapException::start).min();
    }
    if (start.isPresent() && start.getAsLong() > applied + 1) {
      throw new LogGapException(directory, start.getAsLong(), applied);
    }
  }

  private static LongStream start(Path file) {
    var name = SEGMENT.matcher(file.getFileName().toString());
    return name.matches() ? LongStream.of(Long.parseLong(name.group(1))) : LongStream.empty();
  }
}
