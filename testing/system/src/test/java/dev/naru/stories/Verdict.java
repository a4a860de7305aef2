package dev.naru.stories;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Predicate;

/** How a story ended: figures by name, and which of them are not what they should be. */
final class Verdict {

  private final StringJoiner figures = new StringJoiner(" ");
  private final List<String> wrong = new ArrayList<>();
  private String part = ""; // of the scenario; empty for the whole of it

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

  /**
   * Only a part of what the scenario asks for was played. However it went, it is no proof.
   *
   * @param played which part, like "60 of 480 s"
   */
  Verdict only(String played) {
    part = played;
    return this;
  }

  /** Whether the story was played as the scenario asks for. */
  boolean isWhole() {
    return part.isEmpty();
  }

  /** {@code PASS} or {@code FAIL}; of a part that went well, which part it was. */
  String word() {
    if (!wrong.isEmpty()) {
      return "FAIL";
    }
    return isWhole() ? "PASS" : "PASS (" + part + ")";
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
