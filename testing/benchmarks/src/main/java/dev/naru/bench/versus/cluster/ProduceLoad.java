package dev.naru.bench.versus.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a producer sends.
 *
 * @param values a file with a value in each line
 * @param recordBytes of each of them
 * @param perSecond 0 for as many as it can
 * @param counted for how long; Kafka's tool is told a number of records that takes about so long
 * @param countedRecords how many instead, if it is not a matter of time
 * @param aboutPerSecond what is expected of it
 */
public record ProduceLoad(
    String topic,
    Path values,
    int recordBytes,
    ProducerSettings settings,
    double perSecond,
    Duration warmup,
    Optional<Duration> counted,
    long countedRecords,
    double aboutPerSecond) {

  long warmupRecords() {
    return records(warmup);
  }

  long recordsToCount() {
    return Math.max(1, counted.map(this::records).orElse(countedRecords));
  }

  private long records(Duration time) {
    return (long) (aboutPerSecond * time.toMillis() / 1e3);
  }

  /**
   * What a producer is told beside its defaults, by the names that both systems know.
   *
   * @param isTuned a batch.size of 256 KiB and a linger.ms of 10, the only tuning there is
   */
  public record ProducerSettings(String acks, boolean isTuned, Optional<String> compression) {

    /** As {@code name=value}. */
    public List<String> words() {
      var words = new ArrayList<String>();
      words.add("acks=" + acks);
      if (isTuned) {
        words.add("batch.size=262144");
        words.add("linger.ms=10");
      }
      compression.ifPresent(type -> words.add("compression.type=" + type));
      return words;
    }
  }
}
