package dev.naru.bench.versus;

import dev.naru.bench.versus.cluster.ProduceLoad;
import dev.naru.bench.versus.cluster.ProduceLoad.ProducerSettings;
import dev.naru.bench.versus.process.Child;
import dev.naru.bench.versus.result.Contender;
import dev.naru.bench.versus.result.Measure;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A node with replicas of many partitions ends, by SIGKILL or SIGTERM, and is started again at
 * once: how long from the start of its process until every partition has all its replicas in sync.
 * Each system is asked through its own admin client. The node is not the controller.
 *
 * @param bytesPerNode in all partitions together
 */
record RestartCase(
    String name, boolean isKilled, int partitions, long bytesPerNode, Optional<Contender> only)
    implements Case {

  private static final int RECORD_BYTES = 1024;
  private static final Duration IN_SYNC_MAX = Duration.ofMinutes(2);
  private static final Pattern IN_SYNC = Pattern.compile("in-sync (\\d+)");

  static RestartCase of(String name, boolean isKilled, int partitions, long bytesPerNode) {
    return new RestartCase(name, isKilled, partitions, bytesPerNode, Optional.empty());
  }

  RestartCase only(Contender contender) {
    return new RestartCase(name, isKilled, partitions, bytesPerNode, Optional.of(contender));
  }

  @Override
  public String description() {
    return "restart after %s of a node with %,d partitions and %.1f GB, until all are in sync"
        .formatted(isKilled ? "kill -9" : "SIGTERM", partitions, bytesPerNode / 1e9);
  }

  @Override
  public boolean breaksCluster() {
    return true;
  }

  @Override
  public boolean wantsWarmNodes() {
    return false; // filling them is work enough
  }

  @Override
  public boolean isFor(Contender contender) {
    return only.isEmpty() || only.get() == contender;
  }

  @Override
  public Measured run(Stage stage) {
    int replicas = stage.cluster().shape().nodes();
    var topic = stage.newTopic(name, partitions, replicas);
    fill(stage, topic, replicas);
    int node = stage.cluster().leaderOf(topic);
    var probing = stage.platform().probe("in-sync", stage.servers(), replicas, topic);
    return stage.timed(meter -> {
      try (var probe = stage.start(name, probing)) {
        meter.watch(probe.pid());
        probe.await(line -> inSync(line).filter(count -> count == partitions), IN_SYNC_MAX);
        int before = probe.lines().size();
        end(stage.cluster().node(node));
        stage.cluster().node(node).endsWithin(IN_SYNC_MAX);
        long startNanos = System.nanoTime();
        meter.watch(stage.cluster().restart(node).pid());
        var whole = probe.await(againInSync(before), IN_SYNC_MAX);
        return Map.of(Measure.TIME_MILLIS, (whole.nanos() - startNanos) / 1e6);
      }
    });
  }

  private void fill(Stage stage, String topic, int replicas) {
    long bytes = Math.min(bytesPerNode, stage.options().diskBytesMax() / replicas);
    var load =
        new ProduceLoad(
            topic,
            stage.values().random(RECORD_BYTES),
            RECORD_BYTES,
            new ProducerSettings("all", true, Optional.empty()),
            0,
            Duration.ZERO,
            Optional.empty(),
            stage.times().scaled(bytes / RECORD_BYTES),
            0);
    var platform = stage.platform();
    stage.run(
        name + "-fill",
        platform.produce(stage.servers(), load),
        line -> platform.produced(load, line));
  }

  private void end(Child node) {
    if (isKilled) {
      node.kill();
    } else {
      node.terminate();
    }
  }

  private static Optional<Integer> inSync(String line) {
    var found = IN_SYNC.matcher(line);
    return found.matches() ? Optional.of(Integer.valueOf(found.group(1))) : Optional.empty();
  }

  /** All of them, after it was seen that some were not: nobody knows of a kill at once. */
  private Function<String, Optional<Integer>> againInSync(int linesBefore) {
    return new Function<>() {
      private int lines;
      private boolean wereFewer;

      @Override
      public Optional<Integer> apply(String line) {
        var count = ++lines > linesBefore ? inSync(line) : Optional.<Integer>empty();
        wereFewer |= count.isPresent() && count.get() < partitions;
        return wereFewer ? count.filter(now -> now == partitions) : Optional.empty();
      }
    };
  }
}
