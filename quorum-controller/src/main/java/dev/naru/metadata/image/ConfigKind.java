package dev.naru.metadata.image;

import dev.naru.types.CleanupPolicy;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which values a setting takes. */
sealed interface ConfigKind {

  /**
   * The value in its one canonical form, which is allowed itself, or empty if it is not allowed.
   */
  Optional<String> canonical(String text);

  /** What is allowed, to follow "Expected x to be". */
  String expected();

  /**
   * What it is, with its unit: {@code ms}, {@code bytes}, {@code number}, or the words it takes.
   */
  String name();

  /** A whole number; with {@code unlimited} also -1. */
  record WholeNumber(Quantity quantity, long least, long most, boolean unlimited)
      implements ConfigKind {

    @Override
    public Optional<String> canonical(String text) {
      return quantity
          .parse(text)
          .filter(value -> (value >= least && value <= most) || (unlimited && value == -1))
          .map(value -> Long.toString(value));
    }

    @Override
    public String expected() {
      String range = most == Long.MAX_VALUE ? "at least " + least : least + " to " + most;
      return unlimited ? "-1 or " + range : range;
    }

    @Override
    public String name() {
      return quantity.unit();
    }
  }

  /** A number from 0 to 1. */
  record Fraction() implements ConfigKind {

    private static final int DECIMALS_MAX = 18;

    /** What is kept is no longer: nought, a point and the decimals. */
    private static final int LENGTH_MAX = DECIMALS_MAX + 2;

    @Override
    public Optional<String> canonical(String text) {
      if (text.length() > LENGTH_MAX) {
        return Optional.empty(); // unread: the time for that grows with the square of the length
      }
      try {
        return plain(new BigDecimal(text));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }

    /** Compared first: of a number with a huge exponent no zero can be taken away. */
    private static Optional<String> plain(BigDecimal number) {
      if (number.signum() < 0 || number.compareTo(BigDecimal.ONE) > 0) {
        return Optional.empty();
      }
      var shortest = number.stripTrailingZeros();
      return shortest.scale() > DECIMALS_MAX // an exponent may stand for very many
          ? Optional.empty()
          : Optional.of(shortest.toPlainString());
    }

    @Override
    public String expected() {
      return "0 to 1, with at most " + DECIMALS_MAX + " decimals";
    }

    @Override
    public String name() {
      return "number";
    }
  }

  /** A number above 0, up to 1. */
  record Share() implements ConfigKind {

    @Override
    public Optional<String> canonical(String text) {
      return new Fraction().canonical(text).filter(number -> !number.equals("0"));
    }

    @Override
    public String expected() {
      return "above 0 and at most 1";
    }

    @Override
    public String name() {
      return "number";
    }
  }

  /** A cleanup policy. */
  record Policies() implements ConfigKind {

    @Override
    public Optional<String> canonical(String text) {
      return CleanupPolicy.parse(text).map(CleanupPolicy::text);
    }

    @Override
    public String expected() {
      return Arrays.stream(CleanupPolicy.values())
          .map(CleanupPolicy::text)
          .collect(Collectors.joining("' or '", "'", "'"));
    }

    @Override
    public String name() {
      return "text";
    }
  }

  /** One of a few words. */
  record Choice(List<String> words) implements ConfigKind {

    @Override
    public Optional<String> canonical(String text) {
      return words.contains(text) ? Optional.of(text) : Optional.empty();
    }

    @Override
    public String expected() {
      return String.join(" or ", words);
    }

    @Override
    public String name() {
      return String.join(", ", words);
    }
  }
}
