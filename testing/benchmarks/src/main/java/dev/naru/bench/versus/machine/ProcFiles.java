package dev.naru.bench.versus.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Reads what Linux tells of itself in {@code /proc}. */
final class ProcFiles {

  private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux we run on
  private static final long KTHREADD = 2; // the parent of all threads of the kernel

  private final Path root;

  ProcFiles(Path root) {
    this.root = root;
  }

  static ProcFiles ofSystem() {
    return new ProcFiles(Path.of("/proc"));
  }

  /** User and system time of a process and of its children that have ended; empty once it ended. */
  OptionalDouble cpuSeconds(long pid, boolean withChildren) {
    var fields = statFields(Long.toString(pid));
    if (fields.isEmpty()) {
      return OptionalDouble.empty();
    }
    double ticks = number(fields, 14) + number(fields, 15);
    return OptionalDouble.of(
        (withChildren ? ticks + number(fields, 16) + number(fields, 17) : ticks)
            / TICKS_PER_SECOND);
  }

  /** User and system time of all processes, and what the host took for others. */
  double busySeconds() {
    for (var line : lines(root.resolve("stat"))) {
      if (line.startsWith("cpu ")) {
        var ticks = line.substring(4).trim().split(" +", -1);
        // user, nice, system, idle, iowait, irq, softirq, steal
        return (Double.parseDouble(ticks[0])
                + Double.parseDouble(ticks[1])
                + Double.parseDouble(ticks[2])
                + Double.parseDouble(ticks[7]))
            / TICKS_PER_SECOND;
      }
    }
    throw new IllegalStateException("Expected a line \"cpu\" in " + root.resolve("stat"));
  }

  /** Time of the kernel's own threads, such as those that write pages back. */
  double kernelThreadSeconds() {
    double seconds = 0;
    for (var pid : kernelThreads()) {
      seconds += cpuSeconds(pid, false).orElse(0);
    }
    return seconds;
  }

  private List<Long> kernelThreads() {
    var found = new ArrayList<Long>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, "[0-9]*")) {
      for (var entry : entries) {
        var name = String.valueOf(entry.getFileName());
        var fields = statFields(name);
        if (!fields.isEmpty() && (long) number(fields, 4) == KTHREADD) {
          found.add(Long.parseLong(name));
        }
      }
    } catch (IOException e) {
      return found; // fewer are counted: the rest looks like somebody else's work
    }
    return found;
  }

  /** Resident memory of a process; empty once it ended. */
  OptionalLong residentBytes(long pid) {
    return kibibytes(root.resolve(Long.toString(pid)).resolve("status"), "VmRSS:");
  }

  /** All memory. */
  OptionalLong memoryBytes() {
    return kibibytes(root.resolve("meminfo"), "MemTotal:");
  }

  private static OptionalLong kibibytes(Path file, String field) {
    for (var line : lines(file)) {
      if (line.startsWith(field)) {
        return OptionalLong.of(
            Long.parseLong(line.substring(field.length()).replace("kB", "").trim()) << 10);
      }
    }
    return OptionalLong.empty();
  }

  /** From the state on, which is field 3: the name before it may contain anything. */
  private List<String> statFields(String pid) {
    var all = lines(root.resolve(pid).resolve("stat"));
    if (all.isEmpty()) {
      return List.of();
    }
    var line = String.join("\n", all);
    return List.of(line.substring(line.lastIndexOf(')') + 2).split(" ", -1));
  }

  /** Numbered from 1, as in the manual. */
  private static double number(List<String> fields, int number) {
    return Double.parseDouble(fields.get(number - 3));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return List.of(); // the process has ended
    }
  }
}
