package dev.naru.bench.versus;

import dev.naru.bench.versus.cluster.Figures;
import dev.naru.bench.versus.cluster.PacedLoad;
import java.time.Duration;
import java.util.Optional;

/**
 * A producer at a steady rate and a consumer in a group, each a process with its system's own
 * client: how long records are on their way, from when each was to be sent until a poll returned
 * it.
 */
record EndToEndRateCase(String name, double perSecond) implements Case {

  private static final int RECORD_BYTES = 1024;
  private static final int PARTITIONS = 6;
  private static final Duration READY_MAX = Duration.ofMinutes(1);
  private static final Duration RUN_MAX = Duration.ofMinutes(5);

  @Override
  public String description() {
    return "%,.0f/s of 1 KiB, acks=all, %d partitions, from the intended send to a group's poll"
        .formatted(perSecond, PARTITIONS);
  }

  @Override
  public Measured run(Stage stage) {
    var platform = stage.platform();
    var topic = stage.newTopic(name, PARTITIONS, stage.cluster().shape().nodes());
    var load = load(stage, topic);
    try (var meter = stage.meter();
        var reader = stage.start(name + "-reader", platform.pacedReader(stage.servers(), load))) {
      meter.watch(reader.pid());
      reader.await(line -> Optional.of(line).filter("ready"::equals), READY_MAX);
      try (var sender =
          stage.start(name + "-sender", platform.pacedSender(stage.servers(), load))) {
        meter.watch(sender.pid());
        var found = reader.await(Figures::read, RUN_MAX);
        sender.awaitSuccess(RUN_MAX);
        double seconds = found.value().seconds().orElseThrow();
        long fromNanos = found.nanos() - (long) (seconds * 1e9);
        var usage = meter.between(fromNanos, found.nanos());
        var measured =
            stage.measured(new Stage.Run(found.value(), usage, found.nanos()), RECORD_BYTES);
        stage.deleteTopic(topic);
        return measured;
      }
    }
  }

  private PacedLoad load(Stage stage, String topic) {
    var times = stage.times();
    return new PacedLoad(
        topic,
        stage.values().random(RECORD_BYTES),
        PARTITIONS,
        perSecond,
        records(times.producerWarmup()),
        records(times.counted()));
  }

  private int records(Duration time) {
    return (int) (perSecond * time.toMillis() / 1e3);
  }
}
