package dev.naru.metadata.image;

import java.util.List;
import java.util.Optional;

/** Which values a setting takes. */
sealed interface ConfigKind {

  /** The value in its one canonical form, or empty if it is not allowed. */
  Optional<String> canonical(String text);

  /** What is allowed, to follow "Expected x to be". */
  String expected();

  /**
   * Why this value, though meaningful, is refused by this release; empty if there is no more to
   * say.
   */
  default Optional<String> whyNotYet(String text) {
    return Optional.empty();
  }

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
  }

  /**
   * One of a few words.
   *
   * @param later words that mean something, but nothing that this release can do
   * @param whyLater the reason
   */
  record Choice(List<String> words, List<String> later, String whyLater) implements ConfigKind {

    @Override
    public Optional<String> canonical(String text) {
      return words.contains(text) ? Optional.of(text) : Optional.empty();
    }

    @Override
    public String expected() {
      return String.join(" or ", words);
    }

    @Override
    public Optional<String> whyNotYet(String text) {
      return later.contains(text) ? Optional.of(whyLater) : Optional.empty();
    }
  }
}
