package dev.naru.bench.versus;

import dev.naru.bench.versus.cluster.Cluster;
import dev.naru.bench.versus.cluster.KafkaPlatform;
import dev.naru.bench.versus.cluster.NaruPlatform;
import dev.naru.bench.versus.cluster.Platform;
import dev.naru.bench.versus.machine.MachineFacts;
import dev.naru.bench.versus.machine.PageCache;
import dev.naru.bench.versus.process.BenchmarkFailure;
import dev.naru.bench.versus.process.Folders;
import dev.naru.bench.versus.report.JsonReport;
import dev.naru.bench.versus.report.MarkdownReport;
import dev.naru.bench.versus.report.Setting;
import dev.naru.bench.versus.result.Outcome;
import dev.naru.bench.versus.result.Results;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures Kafka and Naru in turn and writes a report after each session, so that a run that is cut
 * short has one too. The script {@code versus-kafka} builds and fetches all it needs and starts it.
 */
public final class VersusKafka {

  /** Nodes that have worked have compiled their code. */
  private static final Case WARM_UP = ProduceCase.of("warm-up", 1024, "all");

  private static final int REPEATS_MAX = 2; // of a run that somebody disturbed
  private static final int SPARE_RUNS = 2; // one that runs, and one that is being deleted
  private static final Duration QUIET = Duration.ofSeconds(5); // between such a run and the next

  private final Options options;
  private final List<Platform> platforms;
  private final PageCache cache;
  private final Values values;
  private final Rates rates = new Rates();
  private final Results results = new Results();
  private final List<Setting> settings = new ArrayList<>();
  private final long startNanos = System.nanoTime();

  private VersusKafka(Options options, List<Platform> platforms, PageCache cache) {
    this.options = options;
    this.platforms = platforms;
    this.cache = cache;
    this.values = new Values(options.work().resolve("values"));
  }

  /** Flags as in {@link Options#USAGE}; properties name what the script has found. */
  public static void main(String[] args) {
    var words = List.of(args);
    if (words.contains("--help") || words.contains("-h")) {
      System.out.println(Options.USAGE);
    } else if (words.contains("--list")) {
      Cases.all().forEach(VersusKafka::print);
    } else {
      measure(words);
    }
  }

  private static void print(Session session) {
    System.out.println(session.name() + ":");
    session
        .cases()
        .forEach(one -> System.out.printf("  %-30s %s%n", one.name(), one.description()));
  }

  private static void measure(List<String> words) {
    var root = Path.of(property("versus.root"));
    var benchmarks = root.resolve("testing/benchmarks");
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var options = Options.parse(words, benchmarks.resolve("target/versus"));
    var platforms =
        List.<Platform>of(
            new KafkaPlatform(
                java,
                benchmarks.resolve("target/kafka"),
                benchmarks.resolve("kafka/KafkaProbe.java"),
                benchmarks.resolve("target/classes")),
            new NaruPlatform(java, root.resolve("naru"), property("versus.commit")));
    Runtime.getRuntime().addShutdownHook(new Thread(VersusKafka::endChildren));
    var wanted =
        platforms.stream().filter(each -> options.contenders().contains(each.contender())).toList();
    var held = options.work().resolve("held");
    var cache =
        options.isQuick()
            ? PageCache.none(held)
            : PageCache.fill(held, SPARE_RUNS * options.diskBytesMax());
    Runtime.getRuntime().addShutdownHook(new Thread(cache::clear));
    new VersusKafka(options, wanted, cache).run(words);
  }

  private static String property(String name) {
    var value = System.getProperty(name);
    if (value == null) {
      throw new BenchmarkFailure(
          "Expected the property " + name + ", which testing/benchmarks/versus-kafka sets");
    }
    return value;
  }

  private static void endChildren() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }

  private void run(List<String> words) {
    var sessions = Session.of(options);
    if (sessions.isEmpty()) {
      throw new BenchmarkFailure("Expected a case, but --list knows none of " + options.only());
    }
    describe(words);
    for (int round = 1; round <= options.rounds(); round++) {
      for (var session : sessions) {
        for (var platform : platforms) {
          run(session, platform, round);
          report();
        }
      }
    }
    say("reports: " + options.out().resolve("report.md") + " and report.json beside it");
  }

  private void describe(List<String> words) {
    Folders.create(options.out());
    Folders.create(options.work());
    add("date", Instant.now().toString());
    add("command", "testing/benchmarks/versus-kafka " + String.join(" ", words));
    MachineFacts.read(options.work()).forEach(this::add);
    add("page cache", cache.description());
    platforms.forEach(platform -> platform.settings().forEach(this::add));
    var times = Times.of(options);
    add(
        "rounds",
        ("%d, Kafka and Naru in turn; nodes work before their first case, as long as it lasts; each"
                + " producer warms up for %d s and counts for %d s")
            .formatted(
                options.rounds(), times.producerWarmup().toSeconds(), times.counted().toSeconds()));
    add("tuned", "batch.size 256 KiB and linger.ms 10 on both, nothing else on either");
    add(
        "cpu-s/GB",
        "user and system time of all nodes and clients, while records counted; threads of the"
            + " kernel are not in it");
    add(
        "values",
        "the same file of 10,000 values for both; Kafka's tool takes them at random, Naru's in"
            + " turn");
    add(
        "latencies",
        "Kafka's tools count whole milliseconds from the send; Naru's count microseconds, and with"
            + " a rate from the intended send; e2e-rate cases count the same on both, from the"
            + " intended send");
  }

  private void add(String name, String value) {
    settings.add(new Setting(name, value));
  }

  private void run(Session session, Platform platform, int round) {
    var title = platform.contender().title();
    say("round %d: %s, %s".formatted(round, title, session.shape()));
    var logs =
        options
            .work()
            .resolve("logs")
            .resolve("round-" + round + "-" + title + "-" + session.cases().getFirst().name());
    var home = options.work().resolve("data");
    try (var cluster = Cluster.prepare(platform, session.shape(), home, logs, cache)) {
      var stage = Stage.start(cluster, options, values, rates, round);
      boolean areWarm = false;
      for (var one : session.cases()) {
        if (one.isFor(platform.contender())) {
          if (one.wantsWarmNodes() && !areWarm) {
            areWarm = true;
            WARM_UP.run(stage);
          }
          run(one, stage, round);
        }
        if (!one.breaksCluster() && !cluster.isWhole()) {
          throw new BenchmarkFailure(
              "Expected all nodes to live on, but one has ended after " + one.name());
        }
      }
    } catch (RuntimeException e) { // a fault in one case must not cost the hours of the others
      fail(title + ", round " + round, e);
    }
  }

  /** Again if somebody else used the processors meanwhile, a few times. */
  private void run(Case one, Stage stage, int round) {
    try {
      var outcome = one.run(stage).outcome(one.name(), stage.contender(), round);
      int repeatsMax = options.isQuick() || one.breaksCluster() ? 0 : REPEATS_MAX;
      for (int i = 0; i < repeatsMax && outcome.isDisturbed(); i++) {
        say(
            "  %s: others had %.0f %% of the processors; again"
                .formatted(one.name(), outcome.othersShare() * 100));
        Stage.pause(QUIET);
        var again = one.run(stage).outcome(one.name(), stage.contender(), round);
        outcome = again.othersShare() < outcome.othersShare() ? again : outcome;
      }
      results.add(outcome);
      say("  " + text(outcome));
    } catch (RuntimeException e) { // a fault in one case must not cost the hours of the others
      fail(one.name() + ", " + stage.contender().title() + ", round " + round, e);
    }
  }

  private static String text(Outcome outcome) {
    var text = new StringBuilder("%-26s".formatted(outcome.caseName()));
    outcome
        .figures()
        .forEach((measure, value) -> text.append(" %,.2f %s".formatted(value, measure.title())));
    return text.append(" (others %.0f %%)".formatted(outcome.othersShare() * 100)).toString();
  }

  private void fail(String what, RuntimeException why) {
    results.addFailure(what + ": " + reason(why));
    say("FAILED " + what + ": " + reason(why));
  }

  private static String reason(RuntimeException why) {
    return why instanceof BenchmarkFailure ? String.valueOf(why.getMessage()) : why.toString();
  }

  private void report() {
    Folders.write(options.out().resolve("report.md"), MarkdownReport.of(settings, results));
    Folders.write(options.out().resolve("report.json"), JsonReport.of(settings, results));
  }

  private void say(String text) {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos);
    System.err.printf("[%d:%02d] %s%n", seconds / 60, seconds % 60, text);
  }
}
