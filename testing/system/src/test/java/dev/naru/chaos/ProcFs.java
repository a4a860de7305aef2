package dev.naru.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What Linux says of a process, independent of what the process says of itself. */
final class ProcFs {

  /**
   * Linux reports times to user space in hundredths of a second on every architecture we run on.
   */
  private static final long TICK_MILLIS = 10;

  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;

  private ProcFs() {}

  static boolean isAvailable() {
    return Files.isReadable(Path.of("/proc/self/stat"));
  }

  /** User and system time used so far. */
  static Duration cpuTime(long pid) throws IOException {
    var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    // The name may hold blanks and parentheses; what follows its last parenthesis may not.
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]);
    return Duration.ofMillis(ticks * TICK_MILLIS);
  }

  /** Resident memory in bytes. */
  static long residentBytes(long pid) throws IOException {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElseThrow();
    }
  }
}
