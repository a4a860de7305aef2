package dev.naru.bench.versus;

import dev.naru.bench.versus.cluster.ProduceLoad;
import dev.naru.bench.versus.cluster.ProduceLoad.ProducerSettings;
import dev.naru.bench.versus.process.Child;
import java.time.Duration;
import java.util.Optional;

/**
 * A node that leads partitions ends, by SIGKILL or SIGTERM, while records come at an even pace. The
 * greatest latency is how long nothing was acknowledged. The node is not the controller.
 */
record FaultCase(String name, boolean isKilled) implements Case {

  private static final double PER_SECOND = 1000; // a backlog of seconds fits into a producer
  private static final int RECORD_BYTES = 100;
  private static final int PARTITIONS = 6;
  private static final Duration JVM_START = Duration.ofSeconds(2);
  private static final Duration RUN_MAX = Duration.ofMinutes(5);

  @Override
  public String description() {
    return "%s of a leader under 1,000 records/s: longest time without an acknowledgement"
        .formatted(isKilled ? "kill -9" : "SIGTERM");
  }

  @Override
  public boolean breaksCluster() {
    return true;
  }

  @Override
  public Measured run(Stage stage) {
    var platform = stage.platform();
    var topic = stage.newTopic(name, PARTITIONS, stage.cluster().shape().nodes());
    var load = load(stage, topic);
    int leader = stage.cluster().leaderOf(topic);
    return stage.timed(meter -> {
      try (var producer = stage.start(name, platform.produce(stage.servers(), load))) {
        meter.watch(producer.pid());
        Stage.requireRunning(
            producer, JVM_START.plus(load.warmup()).plus(stage.times().beforeFault()));
        end(stage.cluster().node(leader));
        var summary = producer.await(line -> platform.produced(load, line), RUN_MAX);
        return summary.value().latencies();
      }
    });
  }

  private void end(Child node) {
    if (isKilled) {
      node.kill();
    } else {
      node.terminate();
    }
  }

  private static ProduceLoad load(Stage stage, String topic) {
    var times = stage.times();
    return new ProduceLoad(
        topic,
        stage.values().random(RECORD_BYTES),
        RECORD_BYTES,
        new ProducerSettings("all", false, Optional.empty()),
        PER_SECOND,
        times.producerWarmup(),
        Optional.of(times.withFault()),
        0,
        PER_SECOND);
  }
}
