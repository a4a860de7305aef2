package dev.naru.bench.versus;

import dev.naru.bench.versus.machine.CpuMeter;
import dev.naru.bench.versus.process.Command;
import dev.naru.bench.versus.result.Measure;
import dev.naru.bench.versus.result.Spread;
import java.time.Duration;
import java.util.Map;

/**
 * The command that lists topics, from its start to its end, the median of several calls. Of many
 * topics also with none of the command's own files in memory, as after a start of the machine; the
 * JDK's are, as nodes use them.
 */
record ListCase(String name, int topics, int calls) implements Case {

  /** So many are made one by one, by the command, and leave the cluster fit for other cases. */
  private static final int FEW = 5;

  private static final int COLD_CALLS = 3;
  private static final Duration CALL_MAX = Duration.ofMinutes(1);

  @Override
  public String description() {
    return "the command that lists %,d topics, start of its JVM included; median of %d"
        .formatted(topics, calls);
  }

  @Override
  public boolean breaksCluster() {
    return topics > FEW; // nobody deletes them
  }

  @Override
  public Measured run(Stage stage) {
    if (topics <= FEW) {
      for (int i = 0; i < topics; i++) {
        stage.newTopic(name, 1, 1);
      }
      return stage.timed(meter -> Map.of(Measure.TIME_MILLIS, warmMillis(stage, meter)));
    }
    CreateCase.create(stage, name, stage.times().scaled(topics));
    return stage.timed(meter ->
        Map.of(
            Measure.COLD_MILLIS,
            coldMillis(stage, meter),
            Measure.TIME_MILLIS,
            warmMillis(stage, meter)));
  }

  private double coldMillis(Stage stage, CpuMeter meter) {
    var files = stage.platform().commandFiles().stream().map(Object::toString).toList();
    var millis = new double[COLD_CALLS];
    for (int i = 0; i < COLD_CALLS; i++) {
      var _ =
          stage
              .cluster()
              .run(
                  Command.of("sh", "-c")
                      .with("for file; do dd if=\"$file\" iflag=nocache count=0 status=none; done")
                      .with("sh")
                      .with(files));
      millis[i] = callMillis(stage, meter);
    }
    return Spread.of(millis).median();
  }

  private double warmMillis(Stage stage, CpuMeter meter) {
    var millis = new double[(int) Math.max(3, stage.times().scaled(calls))];
    for (int i = 0; i < millis.length; i++) {
      millis[i] = callMillis(stage, meter);
    }
    return Spread.of(millis).median();
  }

  private double callMillis(Stage stage, CpuMeter meter) {
    long startNanos = System.nanoTime();
    try (var call = stage.start(name, stage.platform().listTopics(stage.servers()))) {
      meter.watch(call.pid());
      call.awaitSuccess(CALL_MAX);
    }
    return (System.nanoTime() - startNanos) / 1e6;
  }
}
