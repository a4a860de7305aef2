package dev.naru.bench.versus;

import dev.naru.bench.versus.cluster.ProduceLoad;
import dev.naru.bench.versus.cluster.ProduceLoad.ProducerSettings;
import dev.naru.bench.versus.cluster.ReadLoad;
import java.time.Duration;
import java.util.Optional;

/**
 * One consumer that reads a topic from its beginning, which the page cache holds. The topic has one
 * copy, for that is where consumers read, and was written by a tuned producer. The second reading
 * counts.
 */
record ReadCase(String name, int recordBytes, long records) implements Case {

  private static final int PARTITIONS = 6;

  @Override
  public String description() {
    return "one consumer, %,d records of %d B".formatted(records, recordBytes);
  }

  @Override
  public Measured run(Stage stage) {
    var topic = stage.newTopic(name, PARTITIONS, 1);
    long count = stage.times().scaled(records);
    fill(stage, topic, count);
    read(stage, topic, count);
    var measured = stage.measured(read(stage, topic, count), recordBytes);
    stage.deleteTopic(topic);
    return measured;
  }

  private void fill(Stage stage, String topic, long count) {
    var load =
        new ProduceLoad(
            topic,
            stage.values().random(recordBytes),
            recordBytes,
            new ProducerSettings("1", true, Optional.empty()),
            0,
            Duration.ZERO,
            Optional.empty(),
            count,
            0);
    var platform = stage.platform();
    stage.run(
        name + "-fill",
        platform.produce(stage.servers(), load),
        line -> platform.produced(load, line));
  }

  private Stage.Run read(Stage stage, String topic, long count) {
    var platform = stage.platform();
    return stage.run(
        name, platform.consume(stage.servers(), new ReadLoad(topic, count)), platform::consumed);
  }
}
