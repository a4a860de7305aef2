package dev.naru.cli.salvage;

import dev.naru.cli.CommandFailure;
import java.util.regex.Pattern;

/** Where a pass over an entry begins, as {@code --from} has it. */
public sealed interface StartingPoint {

  /** With the first record. */
  static StartingPoint beginning() {
    return new Offset(0);
  }

  /** Reads what a failure has printed, or an offset. */
  static StartingPoint parse(String text) {
    var matcher = Place.TEXT.matcher(text);
    if (matcher.matches()) {
      return new Place(
          matcher.group(1), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)));
    }
    if (Offset.TEXT.matcher(text).matches()) {
      return new Offset(Long.parseLong(text));
    }
    throw CommandFailure.usage(
        "Expected --from of an offset or FILE:POSITION:OFFSET as a failure prints it, but was "
            + text);
  }

  /**
   * Every record that was at this offset or a higher one, wherever it lies: for people who look for
   * an offset. Files need not ascend, so this is no way to go on after a failure.
   */
  record Offset(long offset) implements StartingPoint {

    private static final Pattern TEXT = Pattern.compile("\\d{1,18}");
  }

  /**
   * A record of one batch, and all that lies behind it.
   *
   * @param file the batch's file, below the entry's directory
   * @param position where in the file the batch begins
   * @param offset records of the batch below this one are passed over
   */
  record Place(String file, long position, long offset) implements StartingPoint {

    private static final Pattern TEXT = Pattern.compile("(.+\\.log):(\\d{1,18}):(\\d{1,18})");

    @Override
    public String toString() {
      return file + ":" + position + ":" + offset;
    }
  }
}
