package dev.naru.cli.perf;

import dev.naru.cli.CommandFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much is sent.
 *
 * @param warmup for how long records are sent that do not count
 * @param records in all, after that; empty with a duration
 * @param recordBytes size of a value; unused with a file
 * @param values a file with a value in each line, taken in turn
 * @param keys how many different keys; 0 sends none
 * @param producers each with connections and a thread of its own
 * @param perSecond records of all producers together; 0 for as many as they can
 */
public record Load(
    String topic,
    Duration warmup,
    OptionalLong records,
    Optional<Duration> duration,
    int recordBytes,
    Optional<Path> values,
    int keys,
    int producers,
    double perSecond) {

  private static final int RECORD_BYTES_MAX = 32 << 20;
  private static final int KEYS_MAX = 1_000_000; // made before the clock starts
  private static final int PRODUCERS_MAX = 64;

  /** Refuses what is no load. */
  public Load {
    if (records.isPresent() == duration.isPresent()) {
      throw CommandFailure.usage("Expected one of --records and --duration");
    }
    requireBetween("--records", records.orElse(1), 1, Long.MAX_VALUE);
    requireBetween("--record-size", recordBytes, 0, RECORD_BYTES_MAX);
    requireBetween("--keys", keys, 0, KEYS_MAX);
    requireBetween("--producers", producers, 1, PRODUCERS_MAX);
    if (perSecond < 0) {
      throw CommandFailure.usage("Expected --rate above 0, but was " + perSecond);
    }
  }

  /** The part of one of the producers, which are numbered from 0. */
  long recordsOf(int producer) {
    long all = records.orElse(Long.MAX_VALUE);
    return all / producers + (producer < all % producers ? 1 : 0);
  }

  private static void requireBetween(String flag, long value, long least, long most) {
    if (value < least || value > most) {
      throw CommandFailure.usage(
          "Expected %s to be %d to %d, but was %d".formatted(flag, least, most, value));
    }
  }
}
