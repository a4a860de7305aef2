package dev.naru.broker.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used; it names every problem, not only the first. */
public final class InvalidConfigException extends Exception {

  private final transient List<ConfigProblem> problems;

  InvalidConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  InvalidConfigException(String message) {
    this(List.of(ConfigProblem.of(message)));
  }

  /** At least one. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
