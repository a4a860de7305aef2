package dev.naru.bench.versus;

import dev.naru.bench.versus.cluster.Cluster;
import dev.naru.bench.versus.cluster.Figures;
import dev.naru.bench.versus.cluster.Platform;
import dev.naru.bench.versus.cluster.TopicSpec;
import dev.naru.bench.versus.machine.CpuMeter;
import dev.naru.bench.versus.machine.CpuUsage;
import dev.naru.bench.versus.machine.Memory;
import dev.naru.bench.versus.process.BenchmarkFailure;
import dev.naru.bench.versus.process.Child;
import dev.naru.bench.versus.process.Command;
import dev.naru.bench.versus.result.Contender;
import dev.naru.bench.versus.result.Measure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A cluster that runs, and all that a case needs beside it. */
final class Stage {

  private static final Duration RUN_MAX = Duration.ofMinutes(10);
  private static final Duration DELETE_MAX = Duration.ofMinutes(1);
  private static final long DELETED_BYTES_MAX = 1L << 28;
  private static final long LOOK_AGAIN_MILLIS = 200;

  private final Cluster cluster;
  private final Measured start;
  private final Options options;
  private final Values values;
  private final Rates rates;
  private final int round;
  private int runs;

  private Stage(
      Cluster cluster, Measured start, Options options, Values values, Rates rates, int round) {
    this.cluster = cluster;
    this.start = start;
    this.options = options;
    this.values = values;
    this.rates = rates;
    this.round = round;
  }

  /** Starts the cluster. */
  static Stage start(Cluster cluster, Options options, Values values, Rates rates, int round) {
    try (var meter = CpuMeter.start(List.of())) {
      long fromNanos = System.nanoTime();
      double millis = cluster.start(meter::watch);
      var usage = meter.between(fromNanos, System.nanoTime());
      var figures = Map.of(Measure.TIME_MILLIS, millis);
      return new Stage(cluster, new Measured(figures, usage), options, values, rates, round);
    }
  }

  /** How long the start took. */
  Measured start() {
    return start;
  }

  Cluster cluster() {
    return cluster;
  }

  Platform platform() {
    return cluster.platform();
  }

  Contender contender() {
    return platform().contender();
  }

  Options options() {
    return options;
  }

  Times times() {
    return Times.of(options);
  }

  Values values() {
    return values;
  }

  Rates rates() {
    return rates;
  }

  String servers() {
    return cluster.servers();
  }

  /** Makes a topic that no run has used before. */
  String newTopic(String name, int partitions, int replicas) {
    var topic = name + "-" + round + "-" + ++runs;
    int insyncMin = Math.min(replicas, cluster.shape().insyncMin());
    cluster.run(
        platform().createTopic(servers(), new TopicSpec(topic, partitions, replicas, insyncMin)));
    return topic;
  }

  /** Deletes it, and waits until its files are gone: the next run may need the disk. */
  void deleteTopic(String topic) {
    cluster.keepPages();
    cluster.run(platform().deleteTopic(servers(), topic));
    long deadline = System.nanoTime() + DELETE_MAX.toNanos();
    while (cluster.segmentBytes() > DELETED_BYTES_MAX && System.nanoTime() - deadline < 0) {
      pause(Duration.ofMillis(LOOK_AGAIN_MILLIS));
      cluster.forgetDeletedTopics();
    }
    cluster.trimAndSync();
  }

  static void pause(Duration time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      throw new IllegalStateException("Expected to wait, but was interrupted", e);
    }
  }

  Child start(String name, Command command) {
    return Child.start(command, cluster.log(name + "-" + round + "-" + ++runs));
  }

  CpuMeter meter() {
    return CpuMeter.start(cluster.pids());
  }

  /** Runs a tool until it sums up, and measures the time that its summary is about. */
  Run run(String name, Command command, Function<String, Optional<Figures>> summary) {
    try (var meter = meter();
        var tool = start(name, command)) {
      long startNanos = System.nanoTime();
      meter.watch(tool.pid());
      var found = tool.await(summary, RUN_MAX);
      var figures = found.value();
      long fromNanos =
          figures.seconds().isPresent()
              ? found.nanos() - (long) (figures.seconds().getAsDouble() * 1e9)
              : startNanos;
      var usage = meter.between(fromNanos, found.nanos());
      tool.awaitSuccess(RUN_MAX);
      return new Run(figures, usage, found.nanos());
    }
  }

  /** What a tool printed, and what the processors did meanwhile. */
  record Run(Figures figures, CpuUsage usage, long endNanos) {

    double perSecond() {
      return figures.records() / figures.seconds().orElseThrow();
    }
  }

  /** Throughput, cost and latency of a run, and what the nodes' memory is after it. */
  Measured measured(Run run, int recordBytes) {
    var figures = Measure.copyOf(run.figures.latencies());
    figures.put(Measure.RECORDS_PER_SECOND, run.perSecond());
    figures.put(Measure.MEGABYTES_PER_SECOND, run.perSecond() * recordBytes / 1e6);
    figures.put(
        Measure.CPU_SECONDS_PER_GB,
        run.usage.ours() / (run.figures.records() * (double) recordBytes / 1e9));
    figures.put(Measure.RESIDENT_MEBIBYTES, Memory.meanResidentMebibytes(cluster.pids()));
    return new Measured(figures, run.usage);
  }

  /** Of a case that lasts as long as its body. */
  Measured timed(Function<CpuMeter, Map<Measure, Double>> body) {
    try (var meter = meter()) {
      long fromNanos = System.nanoTime();
      var figures = body.apply(meter);
      return new Measured(figures, meter.between(fromNanos, System.nanoTime()));
    }
  }

  /** Waits, and refuses a tool that ends meanwhile. */
  static void requireRunning(Child tool, Duration time) {
    if (tool.endsWithin(time)) {
      throw new BenchmarkFailure(
          "Expected a tool to run for longer, but it ended; its last line: "
              + List.copyOf(tool.lines()).getLast().text());
    }
  }
}
