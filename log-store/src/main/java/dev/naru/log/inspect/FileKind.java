package dev.naru.log.inspect;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a file is, by its name; by how it begins, if the name is none of ours. */
public enum FileKind {
  SEGMENT("segment"),
  OFFSET_INDEX("offset index"),
  TIME_INDEX("time index"),
  SEAL("seal"),
  JOURNAL("journal of durable points"),
  SMALL_FILE("small file"),
  LOCK("lock"),
  BALLAST("ballast"),
  UNKNOWN("unknown file");

  /** Of a segment's first offset, with which its files' names begin. */
  static final int BASE_DIGITS = 20;

  /** The kind of a snapshot, and how one that is not finished is called. */
  private static final String PRODUCERS = "producers";

  /** Also what is being made or was replaced: such names go on after another point. */
  private static final Pattern OF_SEGMENT =
      Pattern.compile("[0-9]{20}\\.(log|index|timeindex|seal)(\\..*)?");

  private static final Pattern OF_PRODUCERS =
      Pattern.compile("[0-9]{20}\\.producers(\\.unforced)?");

  private static final Map<String, FileKind> OF_SUFFIX =
      Map.of("log", SEGMENT, "index", OFFSET_INDEX, "timeindex", TIME_INDEX, "seal", SEAL);

  /** Small files by their name, with what their first line calls them. */
  private static final Map<String, String> SMALL =
      Map.of(
          "naru.meta",
          "directory",
          "high-watermarks",
          "high-watermarks",
          "node-epoch",
          "node-epoch",
          "clean-stop",
          "clean-stop",
          "leader-epochs",
          "leader-epochs",
          "scrub-progress",
          "scrub-progress",
          "compaction",
          "compaction",
          PRODUCERS,
          PRODUCERS,
          "manifest",
          "set-aside");

  private final String text;

  FileKind(String text) {
    this.text = text;
  }

  /** For people. */
  public String text() {
    return text;
  }

  /** By the last part of a name alone. */
  static FileKind ofName(String name) {
    var segment = OF_SEGMENT.matcher(name);
    if (segment.matches()) {
      return OF_SUFFIX.getOrDefault(segment.group(1), UNKNOWN);
    }
    if (name.equals("durable-points") || name.startsWith("durable-points.")) {
      return JOURNAL;
    }
    return switch (name) {
      case "naru.lock" -> LOCK;
      case "ballast" -> BALLAST;
      default -> SMALL.containsKey(finished(name)) ? SMALL_FILE : UNKNOWN;
    };
  }

  /** By how it begins. */
  static FileKind ofBeginning(String bytes) {
    return bytes.startsWith("naru ")
        ? SMALL_FILE
        : bytes.startsWith("NARUDPTS") ? JOURNAL : UNKNOWN;
  }

  /** What a small file of this name must call itself, if the name is one of ours. */
  static Optional<String> wordOf(String name) {
    return ofName(name) == SEAL
        ? Optional.of("segment-seal")
        : Optional.ofNullable(SMALL.get(finished(name)));
  }

  private static String finished(String name) {
    String whole = name.endsWith(".tmp") ? name.substring(0, name.length() - 4) : name;
    return OF_PRODUCERS.matcher(whole).matches() ? PRODUCERS : whole;
  }
}
