package dev.naru.cli.doctor;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** What the hosts of the nodes have left: files, disks, memory, and whether their clocks agree. */
final class HostChecks {

  private static final int FILES_MIN = 100_000;
  private static final double FILES_USED_MAX = 0.8;
  private static final double DISK_WARN = 0.80;
  private static final double DISK_ERROR = 0.90;
  private static final double CLOCK_WARN_SECONDS = 0.5;
  private static final double CLOCK_ERROR_SECONDS = 5;

  /** For how long what comes in should stay in memory, so that consumers that keep up find it. */
  private static final int CACHE_SECONDS_MIN = 30;

  private static final double MEBI = 1 << 20;
  private static final String UNHEARD = "no node shows it";

  private HostChecks() {}

  static List<Finding> files(ClusterFacts facts) {
    return Doctor.orOk(
        Check.FILE_LIMIT,
        facts.series("process_files_max_files"),
        facts
            .series("process_files_max_files")
            .flatMap(most -> {
              double open = value(most.node(), "process_files_open_files").orElse(0);
              if (open > FILES_USED_MAX * most.value()) {
                return fault(
                    Check.FILE_LIMIT,
                    Severity.ERROR,
                    most.node(),
                    "has %.0f of %.0f files open".formatted(open, most.value()));
              }
              return most.value() < FILES_MIN
                  ? fault(
                      Check.FILE_LIMIT,
                      Severity.WARN,
                      most.node(),
                      "may open %.0f files, less than %d".formatted(most.value(), FILES_MIN))
                  : Stream.empty();
            }),
        "nodes may open as many files as they need",
        UNHEARD);
  }

  static List<Finding> disks(ClusterFacts facts) {
    return Doctor.orOk(
        Check.DISK_FILLING,
        facts.series("naru_disk_used_ratio"),
        facts
            .series("naru_disk_used_ratio")
            .filter(used -> used.value() > DISK_WARN)
            .flatMap(used ->
                fault(
                    Check.DISK_FILLING,
                    used.value() > DISK_ERROR ? Severity.ERROR : Severity.WARN,
                    used.node(),
                    "%s is %.0f %% full; at 95 %% it takes no new records"
                        .formatted(used.label("dir"), 100 * used.value()))),
        "all disks have room",
        UNHEARD);
  }

  static List<Finding> failedDisks(ClusterFacts facts) {
    return Doctor.orOk(
        Check.STORAGE_FAILED,
        facts.series("naru_storage_failed"),
        facts
            .series("naru_storage_failed")
            .filter(failed -> failed.value() > 0)
            .flatMap(failed ->
                fault(
                    Check.STORAGE_FAILED,
                    Severity.ERROR,
                    failed.node(),
                    "has given up " + failed.label("dir"))),
        "all data directories are in use",
        UNHEARD);
  }

  static List<Finding> pageCache(ClusterFacts facts) {
    return Doctor.orOk(
        Check.PAGE_CACHE_SHORT,
        facts.series("naru_host_memory_available_bytes"),
        facts
            .series("naru_host_memory_available_bytes")
            .flatMap(available -> {
              double rate =
                  available.node().metrics().stream()
                      .flatMap(page -> page.all("naru_partition_rate_bytes").stream())
                      .mapToDouble(MetricsText.Series::value)
                      .sum();
              return available.value() < CACHE_SECONDS_MIN * rate
                  ? fault(
                      Check.PAGE_CACHE_SHORT,
                      Severity.WARN,
                      available.node(),
                      "has %.0f MiB for the page cache, and what it leads gets %.0f MiB in %d s"
                          .formatted(
                              available.value() / MEBI,
                              CACHE_SECONDS_MIN * rate / MEBI,
                              CACHE_SECONDS_MIN))
                  : Stream.empty();
            }),
        "memory holds half a minute of what comes in",
        UNHEARD);
  }

  /** Nodes are compared with each other: the clock here may be the one that is off. */
  static List<Finding> clocks(ClusterFacts facts) {
    var known =
        facts
            .series("naru_wall_clock_seconds")
            .map(clock ->
                new Offset(clock.node(), clock.value() - clock.node().askedMillis() / 1_000.0))
            .sorted(Comparator.comparingDouble(Offset::seconds))
            .toList();
    var middle = known.stream().skip(known.size() / 2).findFirst();
    return Doctor.orOk(
        Check.CLOCK_SKEW,
        known.size() < 2 ? Stream.empty() : known.stream(),
        middle.stream().flatMap(one -> known.stream().flatMap(offset -> skew(offset, one))),
        "the clocks of the nodes agree",
        "fewer than two nodes show their clocks");
  }

  private static Stream<Finding> skew(Offset offset, Offset middle) {
    double off = offset.seconds() - middle.seconds();
    double least = Math.abs(off) - offset.errorSeconds() - middle.errorSeconds();
    return least > CLOCK_WARN_SECONDS
        ? fault(
            Check.CLOCK_SKEW,
            least > CLOCK_ERROR_SECONDS ? Severity.ERROR : Severity.WARN,
            offset.node(),
            "its clock is %.1f s %s others"
                .formatted(Math.abs(off), off > 0 ? "ahead of" : "behind"))
        : Stream.empty();
  }

  /** How far a clock is from the one here. */
  private record Offset(NodeFacts node, double seconds) {

    /** It was read at some time between question and answer. */
    double errorSeconds() {
      return node.answerMillis() / 2_000.0;
    }
  }

  private static OptionalDouble value(NodeFacts node, String name) {
    return node.metrics().map(page -> page.value(name)).orElseGet(OptionalDouble::empty);
  }

  private static Stream<Finding> fault(
      Check check, Severity severity, NodeFacts node, String message) {
    return Stream.of(new Finding(check, severity, node.name(), message));
  }
}
