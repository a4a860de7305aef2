package dev.naru.bench.versus;

import dev.naru.bench.versus.cluster.ProduceLoad;
import dev.naru.bench.versus.cluster.ProduceLoad.ProducerSettings;
import java.time.Duration;
import java.util.Optional;

/** The first records into a topic of many partitions, from a producer that is new as well. */
record FreshCase(String name, int partitions, long records) implements Case {

  private static final int RECORD_BYTES = 1024;

  @Override
  public String description() {
    return "first %,d records of 1 KiB into a fresh topic of %,d partitions"
        .formatted(records, partitions);
  }

  @Override
  public Measured run(Stage stage) {
    var topic = stage.newTopic(name, partitions, stage.cluster().shape().nodes());
    var load =
        new ProduceLoad(
            topic,
            stage.values().random(RECORD_BYTES),
            RECORD_BYTES,
            new ProducerSettings("all", false, Optional.empty()),
            0,
            Duration.ZERO,
            Optional.empty(),
            stage.times().scaled(records),
            0);
    var platform = stage.platform();
    var run =
        stage.run(
            name, platform.produce(stage.servers(), load), line -> platform.produced(load, line));
    var measured = stage.measured(run, RECORD_BYTES);
    stage.deleteTopic(topic);
    return measured;
  }
}
