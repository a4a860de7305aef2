package dev.naru.bench.idle;

import dev.naru.bench.versus.machine.MachineFacts;
import dev.naru.bench.versus.process.BenchmarkFailure;
import dev.naru.bench.versus.process.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Processor time and memory of nodes that nobody uses, beside what we allow. The script {@code
 * idle} builds all it needs and starts it. Exit status 1 if a node takes more.
 */
public final class IdleBenchmark {

  /** What a node may take. */
  private static final double CORE_PERCENT_MAX = 1;

  private static final long RESIDENT_MEGABYTES_MAX = 350;

  private static final long BYTES_PER_MEGABYTE = 1_000_000;
  private static final int THREADS_TOLD = 10;

  private final Path script;
  private final Options options;
  private final StringBuilder report = new StringBuilder();
  private final List<String> verdicts = new ArrayList<>();
  private boolean isKept = true;

  private IdleBenchmark(Path script, Options options) {
    this.script = script;
    this.options = options;
  }

  /** Flags as in {@link Options#USAGE}. */
  public static void main(String[] args) {
    var words = List.of(args);
    if (words.contains("--help") || words.contains("-h")) {
      System.out.println(Options.USAGE);
      return;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(IdleBenchmark::endChildren));
    try {
      var root = Path.of(System.getProperty("idle.root", "."));
      var options = Options.parse(words, root.resolve("testing/benchmarks/target/idle"));
      if (!new IdleBenchmark(root.resolve("naru"), options).run(words)) {
        System.exit(1);
      }
    } catch (BenchmarkFailure failure) {
      System.err.println("error: " + failure.getMessage());
      System.exit(1);
    }
  }

  private static void endChildren() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }

  private boolean run(List<String> words) {
    Folders.create(options.work());
    describe(words);
    for (int nodes : options.clusters()) {
      measure(nodes);
    }
    line("");
    verdicts.forEach(this::line);
    var file = options.work().resolve("report.md");
    Folders.write(file, report.toString());
    verdicts.forEach(System.out::println);
    System.err.println("report: " + file);
    return isKept;
  }

  private void describe(List<String> words) {
    line("# Nodes that nobody uses");
    line("");
    row("what", "value");
    row("---", "---");
    row("date", Instant.now().toString());
    row("command", ("testing/benchmarks/idle " + String.join(" ", words)).strip());
    row("commit", System.getProperty("idle.commit", "unknown"));
    MachineFacts.read(options.work()).forEach((name, value) -> row(name, value));
    row(
        "JVM of nodes",
        "flags of the naru script " + System.getenv().getOrDefault("NARU_NODE_OPTS", ""));
    row("settings of nodes", "defaults");
    row(
        "measured",
        "%d s, from %d s after all replicas were in sync; nobody is connected"
            .formatted(options.window().toSeconds(), options.settle().toSeconds()));
    row(
        "processor time",
        "user and system time of all threads of a node, from /proc/PID/stat, in percent of a core");
    row(
        "memory",
        "VmRSS of /proc/PID/status at the end, files that are mapped included, in MB of 10^6"
            + " bytes");
    line("");
    row(
        "nodes",
        "node",
        "replicas",
        "core %",
        "resident MB",
        "of it no file's",
        "threads",
        "busiest, ms");
    row("---", "---", "---", "---", "---", "---", "---", "---");
  }

  private void measure(int nodes) {
    try (var cluster = IdleCluster.start(script, options.work().resolve("nodes-" + nodes), nodes)) {
      cluster.create(options.partitions());
      say("%d nodes, %d partitions; they come to rest", nodes, options.partitions());
      IdleCluster.pause(options.settle());
      var loadBefore = loadAverage();
      var before = cluster.pids().stream().map(Footprint::of).toList();
      long beganNanos = System.nanoTime();
      IdleCluster.pause(options.window());
      double seconds = (System.nanoTime() - beganNanos) / (double) TimeUnit.SECONDS.toNanos(1);
      var after = cluster.pids().stream().map(Footprint::of).toList();
      cluster.requireWhole();
      judge(nodes, cluster.copies(), before, after, seconds, loadBefore);
    }
  }

  private void judge(
      int nodes,
      int copies,
      List<Footprint> before,
      List<Footprint> after,
      double seconds,
      String loadBefore) {
    double busiest = 0;
    long largest = 0;
    for (int i = 0; i < nodes; i++) {
      var now = after.get(i);
      double percent = now.percentSince(before.get(i), seconds);
      long megabytes = now.resident() / BYTES_PER_MEGABYTE;
      busiest = Math.max(busiest, percent);
      largest = Math.max(largest, megabytes);
      row(
          Integer.toString(nodes),
          Integer.toString(i + 1),
          Integer.toString(options.partitions() * copies / nodes),
          "%.2f".formatted(percent),
          Long.toString(megabytes),
          Long.toString(now.anonymous() / BYTES_PER_MEGABYTE),
          Integer.toString(now.threads()),
          now.busiestSince(before.get(i), THREADS_TOLD));
    }
    boolean isWithin = busiest < CORE_PERCENT_MAX && largest < RESIDENT_MEGABYTES_MAX;
    isKept = isKept && isWithin;
    verdicts.add(
        String.format(
            Locale.ROOT,
            "idle %s nodes=%d partitions=%d copies=%d cpu_percent_max=%.2f resident_mb_max=%d"
                + " settle_s=%d window_s=%.0f load_before=%s load_after=%s",
            isWithin ? "PASS" : "FAIL",
            nodes,
            options.partitions(),
            copies,
            busiest,
            largest,
            options.settle().toSeconds(),
            seconds,
            loadBefore,
            loadAverage()));
    say("%s", verdicts.getLast());
  }

  /** Of the last minute, as what others do costs the caches of the processor. */
  private static String loadAverage() {
    try {
      var words = Files.readString(Path.of("/proc/loadavg"));
      return words.substring(0, words.indexOf(' '));
    } catch (IOException e) {
      return "unknown";
    }
  }

  private void row(String... cells) {
    line("| " + String.join(" | ", cells) + " |");
  }

  private void line(String words) {
    report.append(words).append('\n');
  }

  private static void say(String format, Object... values) {
    System.err.println(String.format(Locale.ROOT, format, values));
  }
}
