package dev.naru.bench.versus;

import dev.naru.bench.versus.cluster.ProduceLoad;
import dev.naru.bench.versus.cluster.ProduceLoad.ProducerSettings;
import dev.naru.bench.versus.result.Contender;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * One producer into one topic, as fast as it can or so many records a second.
 *
 * @param perSecond 0 for as many as it can
 * @param isCold without a warm-up of the producer; the nodes are warm
 * @param onlyFor measured of this one only
 */
record ProduceCase(
    String name,
    int recordBytes,
    ProducerSettings settings,
    int partitions,
    double perSecond,
    boolean isCold,
    Optional<Contender> onlyFor)
    implements Case {

  /** Nothing is known of a system: little enough not to fill a disk, enough to get warm. */
  private static final double BYTES_PER_SECOND_GUESSED = 20e6;

  /** Headers of batches and records, and indexes. */
  private static final double DISK_BYTES_PER_BYTE = 1.2;

  static ProduceCase of(String name, int recordBytes, String acks) {
    return new ProduceCase(
        name,
        recordBytes,
        new ProducerSettings(acks, false, Optional.empty()),
        6,
        0,
        false,
        Optional.empty());
  }

  ProduceCase tuned() {
    return withSettings(new ProducerSettings(settings.acks(), true, settings.compression()));
  }

  ProduceCase compressed(String type) {
    return withSettings(
        new ProducerSettings(settings.acks(), settings.isTuned(), Optional.of(type)));
  }

  private ProduceCase withSettings(ProducerSettings other) {
    return new ProduceCase(name, recordBytes, other, partitions, perSecond, isCold, onlyFor);
  }

  ProduceCase paced(double rate) {
    return new ProduceCase(name, recordBytes, settings, partitions, rate, isCold, onlyFor);
  }

  ProduceCase cold() {
    return new ProduceCase(name, recordBytes, settings, partitions, perSecond, true, onlyFor);
  }

  ProduceCase over(int count) {
    return new ProduceCase(name, recordBytes, settings, count, perSecond, isCold, onlyFor);
  }

  ProduceCase only(Contender contender) {
    return new ProduceCase(
        name, recordBytes, settings, partitions, perSecond, isCold, Optional.of(contender));
  }

  @Override
  public String description() {
    return "%d B, %s, %d partitions%s%s"
        .formatted(
            recordBytes,
            String.join(" ", settings.words()),
            partitions,
            perSecond == 0 ? "" : ", %,.0f/s".formatted(perSecond),
            isCold ? ", cold producer" : "");
  }

  @Override
  public boolean isFor(Contender contender) {
    return onlyFor.isEmpty() || onlyFor.get() == contender;
  }

  @Override
  public Measured run(Stage stage) {
    double about = perSecond > 0 ? perSecond : rate(stage);
    var topic = stage.newTopic(name, partitions, stage.cluster().shape().nodes());
    var times = stage.times();
    double part = affordablePart(stage, about, times.producerWarmup().plus(times.counted()));
    var load =
        load(
            stage,
            topic,
            isCold ? Duration.ZERO : scaled(times.producerWarmup(), part),
            scaled(times.counted(), part),
            about);
    var run = run(stage, load);
    if (perSecond == 0) {
      stage.rates().learn(stage.contender(), name, run.perSecond());
    }
    var measured = stage.measured(run, recordBytes);
    stage.deleteTopic(topic);
    return measured;
  }

  /** From the last round, or from a short run of its own. */
  private double rate(Stage stage) {
    return stage
        .rates()
        .last(stage.contender(), name)
        .orElseGet(() -> {
          var topic = stage.newTopic(name, partitions, stage.cluster().shape().nodes());
          var time = stage.times().sizing();
          double guessed = BYTES_PER_SECOND_GUESSED / recordBytes;
          double rate = run(stage, load(stage, topic, time, time, guessed)).perSecond();
          stage.deleteTopic(topic);
          return rate;
        });
  }

  private ProduceLoad load(
      Stage stage, String topic, Duration warmup, Duration counted, double about) {
    return new ProduceLoad(
        topic,
        values(stage),
        recordBytes,
        settings,
        perSecond,
        warmup,
        Optional.of(counted),
        0,
        about);
  }

  private Path values(Stage stage) {
    return settings.compression().isPresent()
        ? stage.values().compressible(recordBytes)
        : stage.values().random(recordBytes);
  }

  private Stage.Run run(Stage stage, ProduceLoad load) {
    var platform = stage.platform();
    return stage.run(
        name, platform.produce(stage.servers(), load), line -> platform.produced(load, line));
  }

  /** Shorter than planned rather than more than the disk may take. */
  private double affordablePart(Stage stage, double about, Duration planned) {
    double bytes =
        about
            * planned.toMillis()
            / 1e3
            * recordBytes
            * DISK_BYTES_PER_BYTE
            * stage.cluster().shape().nodes();
    return Math.min(1, stage.options().diskBytesMax() / bytes);
  }

  private static Duration scaled(Duration time, double part) {
    return Duration.ofMillis((long) (time.toMillis() * part));
  }
}
