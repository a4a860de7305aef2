package dev.naru.bench.versus;

import dev.naru.bench.versus.result.Measure;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** One client makes topics, all of them with one call. */
record CreateCase(String name, int topics, int partitions) implements Case {

  private static final Duration CREATE_MAX = Duration.ofMinutes(2);
  private static final Pattern CREATED = Pattern.compile("created ([\\d.]+)");

  @Override
  public String description() {
    return "one client makes %,d topics of %,d partitions at once".formatted(topics, partitions);
  }

  @Override
  public boolean breaksCluster() {
    return true; // nobody deletes them
  }

  @Override
  public Measured run(Stage stage) {
    var probing =
        stage
            .platform()
            .probe(
                "create",
                stage.servers(),
                stage.cluster().shape().nodes(),
                Integer.toString(topics),
                Integer.toString(partitions));
    return stage.timed(meter -> {
      try (var probe = stage.start(name, probing)) {
        meter.watch(probe.pid());
        var created = probe.await(CreateCase::created, CREATE_MAX);
        return Map.of(Measure.TIME_MILLIS, created.value());
      }
    });
  }

  private static Optional<Double> created(String line) {
    var found = CREATED.matcher(line);
    return found.matches() ? Optional.of(Double.valueOf(found.group(1))) : Optional.empty();
  }
}
