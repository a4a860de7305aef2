package dev.naru.log.salvage;

import dev.naru.log.retention.Keep;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.OptionalLong;

/**
 * What lies in one place of {@code lost+found}: the content of the file beside it, a line each.
 *
 * <pre>
 * why           a sentence for people
 * partition     topic id and number
 * from-offset   its first offset
 * to-offset     where it ends, exclusive; the same as from-offset if nobody knew
 * epochs        which leader epochs wrote it: "epoch@first offset", separated by spaces
 * time-millis   when, in milliseconds of the epoch
 * keep          how long, see {@link Keep}
 * reason        why, see {@link SetAsideReason}; earlier releases did not write it
 * </pre>
 */
public record Manifest(
    PartitionId partition,
    SetAsideReason reason,
    String why,
    long fromOffset,
    long toOffset,
    String epochs,
    long timeMillis,
    Keep keep) {

  /** The directory that holds the places. */
  public static final String DIRECTORY = "lost+found";

  /** The file in each place. */
  public static final String NAME = "manifest";

  /** What its first line calls it. */
  public static final String KIND = "set-aside";

  /** The version of that line. */
  public static final int VERSION = 3;

  /** The lines of the file. */
  public List<String> lines() {
    return List.of(
        "why " + why.replace('\n', ' ').replace('\r', ' '), // either would begin a line
        "partition " + partition,
        "from-offset " + fromOffset,
        "to-offset " + toOffset,
        "epochs " + epochs,
        "time-millis " + timeMillis,
        "keep " + keep.text(),
        "reason " + reason.text());
  }

  /**
   * Reads the lines of a file.
   *
   * @throws IllegalArgumentException if something is missing or nonsense, saying what
   */
  public static Manifest parse(List<String> lines) {
    return new Manifest(
        PartitionId.parse(value(lines, "partition")),
        SetAsideReason.of(value(lines, "reason")),
        value(lines, "why"),
        number(lines, "from-offset"),
        number(lines, "to-offset"),
        value(lines, "epochs"),
        number(lines, "time-millis"),
        keep(value(lines, "keep")));
  }

  /** Where it ends, if anybody knew. */
  public OptionalLong end() {
    return toOffset > fromOffset ? OptionalLong.of(toOffset) : OptionalLong.empty();
  }

  private static String value(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key + " "))
        .map(line -> line.substring(key.length() + 1))
        .findFirst()
        .orElse("");
  }

  private static long number(List<String> lines, String key) {
    String value = value(lines, key);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "Expected %s to be a number, but was '%s'".formatted(key, value), e);
    }
  }

  private static Keep keep(String text) {
    return Keep.of(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "Expected keep to be how long it is kept, but was '%s'".formatted(text)));
  }
}
