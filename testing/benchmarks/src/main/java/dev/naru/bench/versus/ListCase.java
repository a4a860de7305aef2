package dev.naru.bench.versus;

import dev.naru.bench.versus.result.Measure;
import dev.naru.bench.versus.result.Spread;
import java.time.Duration;
import java.util.Map;

/** The command that lists topics, from its start to its end, the median of several calls. */
record ListCase(String name, int calls) implements Case {

  private static final int TOPICS = 5;
  private static final Duration CALL_MAX = Duration.ofMinutes(1);

  @Override
  public String description() {
    return "the command that lists topics, start of its JVM included; median of " + calls;
  }

  @Override
  public Measured run(Stage stage) {
    for (int i = 0; i < TOPICS; i++) {
      stage.newTopic(name, 1, 1);
    }
    return stage.timed(meter -> {
      var millis = new double[(int) Math.max(3, stage.times().scaled(calls))];
      for (int i = 0; i < millis.length; i++) {
        long startNanos = System.nanoTime();
        try (var call = stage.start(name, stage.platform().listTopics(stage.servers()))) {
          meter.watch(call.pid());
          call.awaitSuccess(CALL_MAX);
        }
        millis[i] = (System.nanoTime() - startNanos) / 1e6;
      }
      return Map.of(Measure.TIME_MILLIS, Spread.of(millis).median());
    });
  }
}
