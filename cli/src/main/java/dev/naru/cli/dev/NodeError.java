package dev.naru.cli.dev;

import dev.naru.types.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The line with which a node that cannot start ends its log. */
record NodeError(ErrorCode code, String message) {

  private static final Pattern LINE = Pattern.compile("error: ([A-Z_]+): (.*)");

  /** The first of the lines that is one: what comes later came of it. */
  static Optional<NodeError> among(List<String> lines) {
    return lines.stream()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .flatMap(line -> codeOf(line.group(1)).map(code -> new NodeError(code, line.group(2))))
        .findFirst();
  }

  private static Stream<ErrorCode> codeOf(String name) {
    return Stream.of(ErrorCode.values()).filter(code -> code.name().equals(name));
  }
}
