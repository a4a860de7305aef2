package dev.naru.metadata.image;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads whole numbers as people write them: {@code 604800000}, {@code 7d}, {@code PT5M}, {@code
 * 1.5GiB}.
 */
enum Quantity {
  /** A bare number. */
  COUNT("number") {
    @Override
    Optional<Long> scale(String unit) {
      return Optional.empty();
    }
  },
  /** Bytes: {@code KiB} and its kin are powers of 1024, {@code kB} and its kin of 1000. */
  BYTES("bytes") {
    @Override
    Optional<Long> scale(String unit) {
      return switch (unit) {
        case "B" -> Optional.of(1L);
        case "k", "K", "KiB" -> Optional.of(1L << 10);
        case "m", "M", "MiB" -> Optional.of(1L << 20);
        case "g", "G", "GiB" -> Optional.of(1L << 30);
        case "t", "T", "TiB" -> Optional.of(1L << 40);
        case "kB" -> Optional.of(1_000L);
        case "MB" -> Optional.of(1_000_000L);
        case "GB" -> Optional.of(1_000_000_000L);
        case "TB" -> Optional.of(1_000_000_000_000L);
        default -> Optional.empty();
      };
    }
  },
  /** Milliseconds, with a unit or as an ISO 8601 duration. */
  MILLIS("ms") {
    @Override
    Optional<Long> scale(String unit) {
      return switch (unit) {
        case "ms" -> Optional.of(1L);
        case "s" -> Optional.of(1_000L);
        case "m" -> Optional.of(60_000L);
        case "h" -> Optional.of(3_600_000L);
        case "d" -> Optional.of(86_400_000L);
        default -> Optional.empty();
      };
    }
  };

  private static final Pattern NUMBER =
      Pattern.compile("(-?[0-9]{1,19}(?:\\.[0-9]{1,9})?) ?([A-Za-z]{0,3})");

  private final String unit;

  Quantity(String unit) {
    this.unit = unit;
  }

  /** In which a bare number is. */
  String unit() {
    return unit;
  }

  /** The number, or empty if the text is none or does not fit. */
  Optional<Long> parse(String text) {
    try {
      if (this == MILLIS && text.startsWith("P")) {
        return Optional.of(Duration.parse(text).toMillis());
      }
      var matcher = NUMBER.matcher(text);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      var number = new BigDecimal(matcher.group(1));
      String named = matcher.group(2);
      return (named.isEmpty() ? Optional.of(1L) : scale(named))
          .map(factor -> number.multiply(BigDecimal.valueOf(factor)).longValueExact());
    } catch (ArithmeticException | NumberFormatException | DateTimeException e) {
      return Optional.empty();
    }
  }

  /** How many of the base unit one of these is. */
  abstract Optional<Long> scale(String unit);
}
