package dev.naru.broker.config;

import dev.naru.types.Setting;

/** What one caller may cost. */
public record LimitsConfig(
    @Setting(
            key = "connection.inflight.bytes",
            doc = "Bytes of batches that one produce stream may have unanswered; then it waits.")
        long connectionInflightBytes,
    @Setting(
            key = "disk.used.ratio.max",
            doc =
                "A fuller data directory takes no new records; at 1 only an eighth of the disk, 64 MiB at most, is kept. What is kept only while there is room is deleted above this, and never below 0.85.")
        double diskUsedRatioMax) {

  /** 32 MiB a stream; the last twentieth of a disk is kept for what must go on. */
  public static final LimitsConfig DEFAULTS = new LimitsConfig(32 << 20, 0.95);

  /** Refuses limits that would stop everything. */
  public LimitsConfig {
    if (connectionInflightBytes < 1 << 16) {
      throw new IllegalArgumentException(
          "Expected connection.inflight.bytes >= 65536, but was " + connectionInflightBytes);
    }
    if (!(diskUsedRatioMax > 0 && diskUsedRatioMax <= 1)) {
      throw new IllegalArgumentException(
          "Expected disk.used.ratio.max to be above 0 and at most 1, but was " + diskUsedRatioMax);
    }
  }
}
