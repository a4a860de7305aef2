package dev.naru.cli.text;

import dev.naru.cli.CommandFailure;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A number of bytes: on a command line {@code 100}, {@code 64KiB} or {@code 1.5MB}, and for people
 * {@code 1.5 GiB}.
 */
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

  /** Each 1,024 of the one before. */
  private static final List<String> BINARY_UNITS =
      List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");

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

  /** As people read it, such as {@code 1.5 GiB}; rounded to a tenth. */
  public String inWords() {
    int unit = 0;
    double amount = bytes;
    while (amount >= 1024 && unit + 1 < BINARY_UNITS.size()) {
      amount /= 1024;
      unit++;
    }
    return unit == 0
        ? bytes + " B"
        : String.format(Locale.ROOT, "%.1f %s", amount, BINARY_UNITS.get(unit));
  }
}
