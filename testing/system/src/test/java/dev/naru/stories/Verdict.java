package dev.naru.stories;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Predicate;

/** How a story ended: figures by name, and which of them are not what they should be. */
final class Verdict {

  private final StringJoiner figures = new StringJoiner(" ");
  private final List<String> wrong = new ArrayList<>();

  /** A figure that is told and not judged. */
  Verdict figure(String name, Object value) {
    figures.add(name + "=" + value);
    return this;
  }

  /** A figure that must be this. */
  Verdict expect(String name, Object value, Object expected) {
    return expect(name, value, expected.toString(), expected::equals);
  }

  /** A figure that must be as the predicate has it, and words say. */
  <T> Verdict expect(String name, T value, String expected, Predicate<? super T> isRight) {
    if (!isRight.test(value)) {
      wrong.add("Expected %s to be %s, but was %s".formatted(name, expected, value));
    }
    return figure(name, value);
  }

  /** What is not as it should be; empty if the story ended well. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** All figures in one line. */
  String figures() {
    return figures.toString();
  }
}
