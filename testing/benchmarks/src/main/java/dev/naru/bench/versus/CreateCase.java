package dev.naru.bench.versus;

import dev.naru.bench.versus.process.Command;
import dev.naru.bench.versus.result.Measure;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/**
 * One client of the SDK makes topics, until the last call has its answer. What the cluster does
 * before is the same for both: it is warm from taking records, and has made one topic for this
 * client, which is connected.
 *
 * @param atOnce how many with one call; the next call follows its answer
 */
record CreateCase(String name, int topics, int partitions, int atOnce) implements Case {

  private static final Duration CREATE_MAX = Duration.ofMinutes(10);
  private static final Pattern CREATED = Pattern.compile("created ([\\d.]+)");

  @Override
  public String description() {
    return "one client makes %,d topics of %,d partitions, %,d with each call"
        .formatted(topics, partitions, atOnce);
  }

  @Override
  public boolean breaksCluster() {
    return true; // nobody deletes them
  }

  @Override
  public Measured run(Stage stage) {
    long wanted = stage.times().scaled(topics);
    return stage.timed(meter -> Map.of(Measure.TIME_MILLIS, millis(stage, meter::watch, wanted)));
  }

  /** Makes so many topics, and returns how long it took. */
  private double millis(Stage stage, LongConsumer onChild, long wanted) {
    try (var probe = stage.start(name, probing(stage, wanted, partitions, atOnce))) {
      onChild.accept(probe.pid());
      return probe.await(CreateCase::created, CREATE_MAX).value();
    }
  }

  /** What makes topics of these numbers, and prints how long it took. */
  private static Command probing(Stage stage, long topics, int partitions, int atOnce) {
    return stage
        .platform()
        .probe(
            "create",
            stage.servers(),
            stage.cluster().shape().nodes(),
            Long.toString(topics),
            Integer.toString(partitions),
            Integer.toString(atOnce));
  }

  /** Makes topics of one partition with one call, for a case that is about something else. */
  static void create(Stage stage, String caseName, long topics) {
    try (var probe = stage.start(caseName, probing(stage, topics, 1, Math.toIntExact(topics)))) {
      var _ = probe.await(CreateCase::created, CREATE_MAX).value();
    }
  }

  private static Optional<Double> created(String line) {
    var found = CREATED.matcher(line);
    return found.matches() ? Optional.of(Double.valueOf(found.group(1))) : Optional.empty();
  }
}
