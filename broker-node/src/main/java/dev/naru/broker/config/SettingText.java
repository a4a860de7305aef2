package dev.naru.broker.config;

import dev.naru.metadata.log.Voter;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Turns the text of a setting into a value of its type. The unit of a bare number is the one the
 * name ends with: {@code .ms}, {@code .hours}, {@code .bytes}.
 */
final class SettingText {

  private static final Pattern WITH_UNIT = Pattern.compile("(-?\\d+(?:\\.\\d+)?)\\s*([A-Za-z]*)");

  private static final List<String> SIZE_ENDINGS =
      List.of(".bytes", ".buffer.size", ".bytes.per.second");

  private static final Map<String, Long> BYTES_PER_UNIT =
      Map.ofEntries(
          Map.entry("B", 1L),
          Map.entry("KiB", 1L << 10),
          Map.entry("MiB", 1L << 20),
          Map.entry("GiB", 1L << 30),
          Map.entry("TiB", 1L << 40),
          Map.entry("kB", 1_000L),
          Map.entry("MB", 1_000_000L),
          Map.entry("GB", 1_000_000_000L),
          Map.entry("TB", 1_000_000_000_000L));

  private static final Map<String, Long> MILLIS_PER_UNIT =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private SettingText() {}

  /**
   * The value of this text.
   *
   * @throws IllegalArgumentException if the text is not of the type: "Expected KEY to be ..., but
   *     was TEXT"
   */
  static Object parse(String key, Class<?> type, String text) {
    if (type == int.class || type == Integer.class) {
      return Math.toIntExact(number(key, text, Integer.MIN_VALUE, Integer.MAX_VALUE));
    } else if (type == long.class || type == Long.class) {
      return number(key, text, Long.MIN_VALUE, Long.MAX_VALUE);
    } else if (type == double.class) {
      return fraction(key, text);
    } else if (type == boolean.class) {
      return truth(key, text);
    } else if (type == Duration.class) {
      return duration(key, text);
    } else if (type.isEnum()) {
      return constant(key, type, text);
    } else if (type == String.class) {
      return text;
    }
    return named(key, type, text);
  }

  private static Object named(String key, Class<?> type, String text) {
    try {
      if (type == HostPort.class) {
        return HostPort.parse(text);
      } else if (type == Voter.class) {
        return Voter.parse(text);
      } else if (type == NodeId.class) {
        return new NodeId(Math.toIntExact(number(key, text, 0, Integer.MAX_VALUE)));
      } else if (type == Path.class) {
        return Path.of(text);
      } else if (type == UUID.class) {
        return uuid(key, text);
      }
    } catch (InvalidPathException e) {
      throw refusal(key, "a path", text);
    }
    throw new IllegalStateException("Expected a type that a setting can have, but was " + type);
  }

  private static UUID uuid(String key, String text) {
    var refused = refusal(key, "a UUID", text);
    try {
      var parsed = UUID.fromString(text);
      if (!parsed.toString().equals(text.toLowerCase(Locale.ROOT))) {
        throw refused;
      }
      return parsed;
    } catch (IllegalArgumentException e) {
      throw refused;
    }
  }

  /** Whether a bare number of this setting counts bytes. */
  static boolean isSize(String key) {
    return SIZE_ENDINGS.stream().anyMatch(key::endsWith);
  }

  private static long number(String key, String text, long least, long most) {
    boolean isSize = isSize(key);
    var what = (isSize ? "a size such as 64KiB" : "a whole number") + " of at most " + most;
    long number =
        scaled(text, isSize ? BYTES_PER_UNIT : Map.of(), 1)
            .orElseThrow(() -> refusal(key, what, text));
    if (number < least || number > most) {
      throw refusal(key, what, text);
    }
    return number;
  }

  private static double fraction(String key, String text) {
    try {
      double value = new BigDecimal(text).doubleValue();
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // falls through to the one refusal
    }
    throw refusal(key, "a number", text);
  }

  private static boolean truth(String key, String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refusal(key, "true or false", text);
    };
  }

  private static Duration duration(String key, String text) {
    if (text.startsWith("P") || text.startsWith("-P")) {
      try {
        return Duration.parse(text);
      } catch (DateTimeParseException e) {
        throw refusal(key, "a duration such as 500ms, 7d or PT5M", text);
      }
    }
    long bare =
        (key.endsWith(".hours") ? ChronoUnit.HOURS : ChronoUnit.MILLIS).getDuration().toMillis();
    return Duration.ofMillis(
        scaled(text, MILLIS_PER_UNIT, bare)
            .orElseThrow(() -> refusal(key, "a duration such as 500ms, 7d or PT5M", text)));
  }

  /** The number times its unit, or empty when it is not a number, not whole, or too large. */
  private static Optional<Long> scaled(String text, Map<String, Long> units, long bareUnit) {
    Matcher matcher = WITH_UNIT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var unit = matcher.group(2);
    var factor = unit.isEmpty() ? Optional.of(bareUnit) : Optional.ofNullable(units.get(unit));
    try {
      var number = new BigDecimal(matcher.group(1));
      return factor.map(per -> number.multiply(BigDecimal.valueOf(per)).longValueExact());
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static Object constant(String key, Class<?> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> spelled(constant).equals(text))
        .findFirst()
        .orElseThrow(() ->
            refusal(
                key,
                Arrays.stream(type.getEnumConstants())
                    .map(SettingText::spelled)
                    .collect(Collectors.joining(", ")),
                text));
  }

  /** Constants are written in lower case. */
  private static String spelled(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
  }

  private static IllegalArgumentException refusal(String key, String range, String text) {
    return new IllegalArgumentException(
        "Expected " + key + " to be " + range + ", but was " + text);
  }
}
