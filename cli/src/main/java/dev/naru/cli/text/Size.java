package dev.naru.cli.text;

import dev.naru.cli.CommandFailure;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A number of bytes, written {@code 100}, {@code 64KiB} or {@code 1.5MB}. */
public record Size(long bytes) {

  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("", 1L),
          Map.entry("B", 1L),
          Map.entry("kB", 1_000L),
          Map.entry("MB", 1_000_000L),
          Map.entry("GB", 1_000_000_000L),
          Map.entry("TB", 1_000_000_000_000L),
          Map.entry("KiB", 1L << 10),
          Map.entry("MiB", 1L << 20),
          Map.entry("GiB", 1L << 30),
          Map.entry("TiB", 1L << 40));

  private static final Pattern TEXT = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)([A-Za-z]{0,3})");

  /** Reads one. */
  public static Size parse(String text) {
    return read(text)
        .orElseThrow(() ->
            CommandFailure.usage("Expected a size such as 100, 64KiB or 1MB, but was " + text));
  }

  private static Optional<Size> read(String text) {
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var amount = new BigDecimal(matcher.group(1));
    try {
      return Optional.ofNullable(UNITS.get(matcher.group(2)))
          .map(unit -> new Size(amount.multiply(BigDecimal.valueOf(unit)).longValueExact()));
    } catch (ArithmeticException e) { // a fraction of a byte, or more than a long holds
      return Optional.empty();
    }
  }
}
