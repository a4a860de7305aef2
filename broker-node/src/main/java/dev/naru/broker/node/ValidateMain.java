package dev.naru.broker.node;

import dev.naru.broker.config.InvalidConfigException;
import dev.naru.types.ErrorCode;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * Checks a node's configuration and starts nothing: {@code --config FILE [--set key=value]...}. It
 * is read as a start here and now would read it, variables included.
 */
public final class ValidateMain {

  private static final int OK = 0;
  private static final int USAGE = 2;

  private ValidateMain() {}

  /** Checks, and exits with a status: 2 if a node would not start with it. */
  public static void main(String[] args) {
    System.exit(run(args, System.getenv(), System.err));
  }

  static int run(String[] args, Map<String, String> variables, PrintStream err) {
    try {
      var arguments = MainArguments.parse(args, List.of());
      var loaded = arguments.load(variables);
      loaded
          .warnings()
          .forEach(warning -> err.println("warning: " + ErrorCode.INVALID_CONFIG + ": " + warning));
      err.println("the configuration of node %s is valid".formatted(loaded.config().nodeId()));
      return OK;
    } catch (MainArguments.UsageException e) {
      err.println("error: " + ErrorCode.INVALID_REQUEST + ": " + e.getMessage());
      return USAGE;
    } catch (InvalidConfigException e) {
      e.problems()
          .forEach(problem -> err.println("error: " + ErrorCode.INVALID_CONFIG + ": " + problem));
      return USAGE;
    }
  }
}
