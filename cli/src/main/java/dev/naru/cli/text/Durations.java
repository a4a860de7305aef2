package dev.naru.cli.text;

import dev.naru.cli.CommandFailure;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 1.5s}, {@code 2h}, {@code PT5M}. */
public final class Durations {

  private static final Map<String, Long> UNITS_MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private static final Pattern TEXT = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)(ms|s|m|h|d)");

  private Durations() {}

  /** Reads one. A bare number is refused: nobody can know its unit. */
  public static Duration parse(String text) {
    return read(text)
        .orElseThrow(() ->
            CommandFailure.usage(
                "Expected a duration such as 500ms, 30s, 5m, 2h or PT5M, but was " + text));
  }

  private static Optional<Duration> read(String text) {
    if (text.toUpperCase(Locale.ROOT).startsWith("P")) {
      return iso(text);
    }
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var unit = BigDecimal.valueOf(UNITS_MILLIS.getOrDefault(matcher.group(2), 1L));
    try {
      long millis = new BigDecimal(matcher.group(1)).multiply(unit).longValueExact();
      return Optional.of(Duration.ofMillis(millis));
    } catch (ArithmeticException e) { // less than a millisecond, or more than there is time
      return Optional.empty();
    }
  }

  private static Optional<Duration> iso(String text) {
    try {
      return Optional.of(Duration.parse(text)).filter(duration -> !duration.isNegative());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
