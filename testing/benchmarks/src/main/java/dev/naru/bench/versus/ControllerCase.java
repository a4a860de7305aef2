package dev.naru.bench.versus;

import dev.naru.bench.versus.process.Child;
import dev.naru.bench.versus.result.Measure;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The controller is killed: how long until a topic can be made again. */
record ControllerCase(String name) implements Case {

  private static final Duration WARM_MAX = Duration.ofMinutes(1);
  private static final Duration RECOVERY_MAX = Duration.ofMinutes(2);
  private static final int TOPICS_BEFORE = 30; // made first, so that everything is warm
  private static final int REPLICAS = 2; // as many nodes stay
  private static final Pattern TOPIC = Pattern.compile("topic (\\d+) (\\d+)");

  @Override
  public String description() {
    return "kill -9 of the controller: time until a topic can be made";
  }

  @Override
  public boolean breaksCluster() {
    return true;
  }

  @Override
  public Measured run(Stage stage) {
    int controller = stage.cluster().controller();
    return stage.timed(meter -> {
      var probing = stage.platform().probe("topics", stage.servers(), REPLICAS);
      try (var probe = stage.start(name, probing)) {
        meter.watch(probe.pid());
        awaitWarm(probe);
        long killedMillis = System.currentTimeMillis();
        stage.cluster().node(controller).kill();
        var made = probe.await(line -> begunAfter(killedMillis, line), RECOVERY_MAX);
        return Map.of(Measure.TIME_MILLIS, (double) (made.value() - killedMillis));
      }
    });
  }

  private static void awaitWarm(Child probe) {
    long deadline = System.nanoTime() + WARM_MAX.toNanos();
    while (probe.lines().size() < TOPICS_BEFORE && System.nanoTime() - deadline < 0) {
      Stage.requireRunning(probe, Duration.ofMillis(50));
    }
  }

  private static Optional<Long> begunAfter(long millis, String line) {
    var found = TOPIC.matcher(line);
    return found.matches() && Long.parseLong(found.group(1)) >= millis
        ? Optional.of(Long.valueOf(found.group(2)))
        : Optional.empty();
  }
}
