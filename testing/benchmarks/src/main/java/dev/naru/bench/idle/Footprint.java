package dev.naru.bench.idle;

import dev.naru.bench.versus.process.BenchmarkFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What Linux says of a process at one moment.
 *
 * @param ticks hundredths of a second of user and system time of all its threads, those that have
 *     ended included
 * @param threadTicks the same of threads that live, by their name
 * @param threads how many live
 * @param resident bytes in memory, and of them those that are no file's
 */
record Footprint(
    long ticks, SortedMap<String, Long> threadTicks, int threads, long resident, long anonymous) {

  private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux we run on
  private static final int USER_TIME = 11; // fields of stat behind the name, from 0
  private static final int SYSTEM_TIME = 12;
  private static final int THREADS = 17;

  /** Looks at a process that runs. */
  static Footprint of(long pid) {
    var process = Path.of("/proc", Long.toString(pid));
    try {
      var stat = Stat.of(process.resolve("stat"));
      return new Footprint(
          stat.ticks(),
          threads(process.resolve("task")),
          Integer.parseInt(stat.fields().get(THREADS)),
          bytes(process, "VmRSS:"),
          bytes(process, "RssAnon:"));
    } catch (IOException e) {
      throw new BenchmarkFailure("Expected process %d to run, but %s".formatted(pid, e));
    }
  }

  private record Stat(String name, List<String> fields) {

    static Stat of(Path file) throws IOException {
      var line = Files.readString(file, StandardCharsets.ISO_8859_1);
      int end = line.lastIndexOf(')'); // the name before it may contain anything
      return new Stat(
          line.substring(line.indexOf('(') + 1, end),
          List.of(line.substring(end + 2).trim().split(" ", -1)));
    }

    long ticks() {
      return Long.parseLong(fields.get(USER_TIME)) + Long.parseLong(fields.get(SYSTEM_TIME));
    }
  }

  private static SortedMap<String, Long> threads(Path tasks) throws IOException {
    var ticks = new TreeMap<String, Long>();
    try (var threads = Files.newDirectoryStream(tasks)) {
      for (var thread : threads) {
        try {
          var stat = Stat.of(thread.resolve("stat"));
          ticks.merge(stat.name(), stat.ticks(), Long::sum);
        } catch (IOException endedMeanwhile) {
          // then it costs nothing any more
        }
      }
    }
    return ticks;
  }

  private static long bytes(Path process, String field) throws IOException {
    try (var lines = Files.lines(process.resolve("status"), StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0);
    }
  }

  /** Percent of one core between an earlier look and this one. */
  double percentSince(Footprint earlier, double seconds) {
    return 100 * (ticks - earlier.ticks) / TICKS_PER_SECOND / seconds;
  }

  /** The threads that had most of it, with their milliseconds. */
  String busiestSince(Footprint earlier, int most) {
    var spent = new TreeMap<String, Long>();
    threadTicks.forEach(
        (name, now) -> spent.put(name, now - earlier.threadTicks.getOrDefault(name, 0L)));
    return spent.entrySet().stream()
        .filter(each -> each.getValue() > 0)
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(most)
        .map(each -> "%s %d".formatted(each.getKey(), each.getValue() * 10))
        .collect(Collectors.joining(", "));
  }
}
