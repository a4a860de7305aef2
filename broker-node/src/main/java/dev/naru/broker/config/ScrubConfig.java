package dev.naru.broker.config;

import dev.naru.types.Setting;
import java.time.Duration;

/** How stored records are read in the background to find damage. */
public record ScrubConfig(
    @Setting(
            key = "log.scrub.interval.ms",
            doc = "Between the end of one reading of all closed segments and the next.")
        Duration interval,
    @Setting(
            key = "log.scrub.bytes.per.second",
            doc = "At most so much is read, less when the disk is busy; 0 reads nothing.")
        long bytesPerSecond) {

  /** A tebibyte takes a day and a half, then the disk rests for a week. */
  public static final ScrubConfig DEFAULTS = new ScrubConfig(Duration.ofDays(7), 8 << 20);

  /** Refuses what cannot be meant. */
  public ScrubConfig {
    if (interval.isNegative()) {
      throw new IllegalArgumentException(
          "Expected log.scrub.interval.ms >= 0, but was " + interval.toMillis());
    }
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException(
          "Expected log.scrub.bytes.per.second >= 0, but was " + bytesPerSecond);
    }
  }
}
