package dev.naru.client;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads durations and sizes as people write them: {@code 500}, {@code 5s}, {@code PT5S}, {@code
 * 64KiB}.
 */
final class Quantities {

  private static final Pattern NUMBER_AND_UNIT =
      Pattern.compile("(-?\\d+(?:\\.\\d+)?)\\s*([A-Za-z]*)");

  private Quantities() {}

  /** A duration; a bare number counts milliseconds. Empty for anything else. */
  static Optional<Duration> duration(String text) {
    if (text.toUpperCase(Locale.ROOT).startsWith("P")) {
      try {
        return Optional.of(Duration.parse(text));
      } catch (DateTimeParseException e) {
        return Optional.empty();
      }
    }
    OptionalLong millis = amount(text, Quantities::millisPer);
    return millis.isPresent()
        ? Optional.of(Duration.ofMillis(millis.getAsLong()))
        : Optional.empty();
  }

  /** A size in bytes. Empty for anything else. */
  static OptionalLong bytes(String text) {
    return amount(text, Quantities::bytesPer);
  }

  private static OptionalLong amount(String text, UnitValue unitValue) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    OptionalLong unit = unitValue.of(matcher.group(2));
    if (unit.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      var amount = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit.getAsLong()));
      return OptionalLong.of(amount.longValueExact());
    } catch (ArithmeticException e) { // a fraction of the smallest unit, or too large
      return OptionalLong.empty();
    }
  }

  private static OptionalLong millisPer(String unit) {
    return switch (unit) {
      case "", "ms" -> OptionalLong.of(1);
      case "s" -> OptionalLong.of(1000);
      case "m" -> OptionalLong.of(60_000);
      case "h" -> OptionalLong.of(3_600_000);
      case "d" -> OptionalLong.of(86_400_000);
      default -> OptionalLong.empty();
    };
  }

  private static OptionalLong bytesPer(String unit) {
    return switch (unit) {
      case "", "B" -> OptionalLong.of(1);
      case "kB" -> OptionalLong.of(1000);
      case "MB" -> OptionalLong.of(1_000_000);
      case "GB" -> OptionalLong.of(1_000_000_000);
      case "TB" -> OptionalLong.of(1_000_000_000_000L);
      case "KiB" -> OptionalLong.of(1L << 10);
      case "MiB" -> OptionalLong.of(1L << 20);
      case "GiB" -> OptionalLong.of(1L << 30);
      case "TiB" -> OptionalLong.of(1L << 40);
      default -> OptionalLong.empty();
    };
  }

  private interface UnitValue {
    OptionalLong of(String unit);
  }
}
