package dev.naru.broker.config;

import dev.naru.types.Setting;
import java.time.Duration;
import java.util.Optional;

/** What compaction may cost a node. */
public record CleanerConfig(
    @Setting(
            key = "log.cleaner.threads",
            takes = "1 to 64",
            doc = "How many logs are compacted at the same time.")
        int threads,
    @Setting(
            key = "log.cleaner.dedupe.buffer.size",
            takes = "at least 1 MiB for each thread",
            doc =
                "Bytes for keys and their newest offsets, shared by all threads: beside the heap"
                    + " and the direct memory, whose limits do not count them.")
        long dedupeBufferBytes,
    @Setting(
            key = "log.cleaner.io.max.bytes.per.second",
            absent = "32 MiB, rising",
            doc =
                "Bytes a second that compaction reads and writes, all threads together. If absent"
                    + " 32 MiB, and twice as many with each log after which another one waits.")
        Optional<Long> ioBytesPerSecondMax,
    @Setting(
            key = "log.cleaner.backoff.ms",
            doc = "The time to the next look at logs when none was due for compaction.")
        Duration backoff) {

  private static final int THREADS_MAX = 64;
  private static final long BUFFER_BYTES_MIN = 1 << 20;

  /** One thread, 128 MiB, a pace that rises, 15 s. */
  public static final CleanerConfig DEFAULTS =
      new CleanerConfig(1, 128 << 20, Optional.empty(), Duration.ofSeconds(15));

  /** Refuses what nothing could be compacted with. */
  public CleanerConfig {
    if (threads < 1 || threads > THREADS_MAX) {
      throw new IllegalArgumentException(
          "Expected log.cleaner.threads to be 1 to %d, but was %d".formatted(THREADS_MAX, threads));
    }
    if (dedupeBufferBytes / threads < BUFFER_BYTES_MIN) {
      throw new IllegalArgumentException(
          "Expected log.cleaner.dedupe.buffer.size to be at least %d a thread, but was %d for %d"
              .formatted(BUFFER_BYTES_MIN, dedupeBufferBytes, threads));
    }
    ioBytesPerSecondMax.ifPresent(bytes -> {
      if (bytes < 1) {
        throw new IllegalArgumentException(
            "Expected log.cleaner.io.max.bytes.per.second >= 1, but was " + bytes);
      }
    });
    if (backoff.toMillis() < 1) {
      throw new IllegalArgumentException(
          "Expected log.cleaner.backoff.ms >= 1, but was " + backoff.toMillis());
    }
  }
}
