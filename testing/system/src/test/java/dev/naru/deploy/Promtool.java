package dev.naru.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Prometheus' own tool, of the Debian package prometheus. */
final class Promtool {

  /** It has read all, and does not like the style. */
  private static final int LINTED = 3;

  private static final String MISSING =
      "NOT CHECKED: Expected promtool, but it is not installed (Debian: apt-get install prometheus)";

  private Promtool() {}

  /** How it ended, and what it said. */
  record Answer(int status, String text) {}

  /**
   * What it says of this input. Without the tool the test is skipped, and says so.
   *
   * @throws AssertionError if it refuses what it was given
   */
  static String run(String stdin, String... words) {
    var answer = ask(stdin, words);
    if (answer.isEmpty()) {
      return abort(MISSING);
    }
    assertThat(answer.get().status()).as(answer.get().text()).isIn(0, LINTED);
    return answer.get().text();
  }

  /** Its answer; empty, and a line on stderr, if it is not there. */
  static Optional<Answer> ask(String stdin, String... words) {
    var command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(words));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      System.err.println(MISSING);
      return Optional.empty();
    }
    try {
      try (var input = process.getOutputStream()) {
        input.write(stdin.getBytes(StandardCharsets.UTF_8));
      }
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Optional.of(new Answer(process.waitFor(), text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Expected promtool to end, but was interrupted", e);
    }
  }
}
