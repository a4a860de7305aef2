package dev.naru.cli.output;

/** Whoever read our output has left, as {@code head} does. The command ends quietly. */
public final class StdoutClosedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  StdoutClosedException(Throwable cause) {
    super("Expected somebody to read stdout, but it is closed", cause);
  }
}
