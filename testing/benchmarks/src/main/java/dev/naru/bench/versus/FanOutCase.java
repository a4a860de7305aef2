package dev.naru.bench.versus;

import dev.naru.bench.versus.cluster.ProduceLoad;
import dev.naru.bench.versus.cluster.ProduceLoad.ProducerSettings;
import dev.naru.bench.versus.cluster.ReadLoad;
import dev.naru.bench.versus.machine.CpuUsage;
import dev.naru.bench.versus.machine.Memory;
import dev.naru.bench.versus.process.Child;
import dev.naru.bench.versus.result.Measure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;

/**
 * One producer as fast as it can and three consumers at the tail, each of which reads everything.
 * Counted from the first record sent until the last consumer has the last one.
 */
record FanOutCase(String name) implements Case {

  private static final int RECORD_BYTES = 1024;
  private static final int PARTITIONS = 6;
  private static final int CONSUMERS = 3;
  private static final double PER_SECOND_GUESSED = 20_000;
  private static final Duration RUN_MAX = Duration.ofMinutes(5);
  private static final Duration JOIN = Duration.ofSeconds(6); // Kafka's groups wait 3 s to begin
  private static final double DISK_BYTES_PER_BYTE = 1.2;

  @Override
  public String description() {
    return "one producer of 1 KiB, defaults, and three consumers at the tail; MB/s of all three";
  }

  @Override
  public Measured run(Stage stage) {
    if (stage.rates().last(stage.contender(), name).isEmpty()) {
      runOnce(stage); // as many records as were guessed: tells how many fill the time that counts
    }
    return runOnce(stage);
  }

  private Measured runOnce(Stage stage) {
    var platform = stage.platform();
    var topic = stage.newTopic(name, PARTITIONS, stage.cluster().shape().nodes());
    var load = load(stage, topic);
    var consumers = new ArrayList<Child>();
    try (var meter = stage.meter()) {
      for (int i = 0; i < CONSUMERS; i++) {
        var read = new ReadLoad(topic, load.countedRecords());
        var consumer = stage.start(name + "-consumer", platform.consume(stage.servers(), read));
        consumers.add(consumer);
        meter.watch(consumer.pid());
      }
      consumers.forEach(consumer -> Stage.requireRunning(consumer, JOIN.dividedBy(CONSUMERS)));
      try (var producer =
          stage.start(name + "-producer", platform.produce(stage.servers(), load))) {
        meter.watch(producer.pid());
        var produced = producer.await(line -> platform.produced(load, line), RUN_MAX);
        double seconds = produced.value().seconds().orElseThrow();
        long fromNanos = produced.nanos() - (long) (seconds * 1e9);
        long toNanos = lastEnd(stage, consumers);
        stage.rates().learn(stage.contender(), name, produced.value().records() / seconds);
        return measured(stage, load, fromNanos, toNanos, meter.between(fromNanos, toNanos));
      }
    } finally {
      consumers.forEach(Child::close);
      stage.deleteTopic(topic);
    }
  }

  private ProduceLoad load(Stage stage, String topic) {
    double rate = stage.rates().last(stage.contender(), name).orElse(PER_SECOND_GUESSED);
    double affordable =
        stage.options().diskBytesMax()
            / (RECORD_BYTES * DISK_BYTES_PER_BYTE * stage.cluster().shape().nodes());
    double wanted = rate * stage.times().counted().toSeconds();
    return new ProduceLoad(
        topic,
        stage.values().random(RECORD_BYTES),
        RECORD_BYTES,
        new ProducerSettings("all", false, Optional.empty()),
        0,
        Duration.ZERO,
        Optional.empty(),
        (long) Math.min(affordable, wanted),
        rate);
  }

  private static long lastEnd(Stage stage, List<Child> consumers) {
    return consumers.stream()
        .mapToLong(consumer -> consumer.await(stage.platform()::consumed, RUN_MAX).nanos())
        .max()
        .orElseThrow();
  }

  private static Measured measured(
      Stage stage, ProduceLoad load, long fromNanos, long toNanos, CpuUsage usage) {
    double seconds = (toNanos - fromNanos) / 1e9;
    double bytes = (double) load.countedRecords() * RECORD_BYTES * CONSUMERS;
    var figures = new EnumMap<Measure, Double>(Measure.class);
    figures.put(Measure.RECORDS_PER_SECOND, load.countedRecords() * CONSUMERS / seconds);
    figures.put(Measure.MEGABYTES_PER_SECOND, bytes / seconds / 1e6);
    figures.put(Measure.CPU_SECONDS_PER_GB, usage.ours() / (bytes / 1e9));
    figures.put(Measure.RESIDENT_MEBIBYTES, Memory.meanResidentMebibytes(stage.cluster().pids()));
    return new Measured(figures, usage);
  }
}
