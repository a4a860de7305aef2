package dev.naru.log.segment;

import java.util.Optional;

/** The name of one of a segment's files: its base offset in 20 digits, and what is in it. */
public record SegmentName(long base, Part part) {

  private static final int DIGITS = 20;

  /** Ends the names of files that are to take the place of those of segments. */
  static final String REPLACING = ".new";

  /** What a segment's file holds. */
  public enum Part {
    /** The batches. */
    LOG(".log"),
    /** Where some offsets are. */
    INDEX(".index"),
    /** Where some times are. */
    TIME_INDEX(".timeindex"),
    /** What the log looked like when it was closed. */
    SEAL(".seal");

    private final String suffix;

    Part(String suffix) {
      this.suffix = suffix;
    }
  }

  /** Takes a file's name apart; empty for a file that is no part of a segment. */
  public static Optional<SegmentName> parse(String name) {
    for (Part part : Part.values()) {
      if (name.length() == DIGITS + part.suffix.length() && name.endsWith(part.suffix)) {
        return base(name.substring(0, DIGITS)).map(base -> new SegmentName(base, part));
      }
    }
    return Optional.empty();
  }

  /** As {@link #parse}, for a file that is to take the place of one of a segment. */
  public static Optional<SegmentName> parseReplacing(String name) {
    return name.endsWith(REPLACING)
        ? parse(name.substring(0, name.length() - REPLACING.length()))
        : Optional.empty();
  }

  private static Optional<Long> base(String digits) {
    if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.parseLong(digits));
    } catch (NumberFormatException aboveLong) {
      return Optional.empty();
    }
  }

  /** Asked for at each read, and a formatter would cost as much as reading a small batch. */
  @Override
  public String toString() {
    String digits = Long.toString(base);
    return "0".repeat(DIGITS - digits.length()) + digits + part.suffix;
  }
}
