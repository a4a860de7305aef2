package dev.naru.cli;

import dev.naru.cli.text.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in our words what picocli did not understand. */
final class UsageReport {

  private UsageReport() {}

  static CommandFailure of(ParameterException problem) {
    var command = problem.getCommandLine().getCommandSpec();
    return CommandFailure.usage(message(problem, command))
        .withHint(command.qualifiedName() + " --help");
  }

  private static String message(ParameterException problem, CommandSpec command) {
    if (problem instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched, command);
    }
    if (problem instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      return "Expected "
          + missing.getMissing().stream().map(UsageReport::nameOf).collect(Collectors.joining(", "))
          + ", but it is missing";
    }
    if (problem.getCause() instanceof TypeConversionException conversion) {
      return conversion.getMessage()
          + Optional.ofNullable(problem.getArgSpec())
              .map(arg -> " (" + nameOf(arg) + ")")
              .orElse("");
    }
    if (command.userObject() instanceof Group) {
      return "Expected one of "
          + String.join(", ", command.subcommands().keySet())
          + " after "
          + command.qualifiedName();
    }
    return String.valueOf(problem.getMessage());
  }

  private static String unmatched(UnmatchedArgumentException problem, CommandSpec command) {
    String word = problem.getUnmatched().getFirst();
    if (word.startsWith("-") && word.length() > 1) {
      String flag = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
      return "Expected a flag of "
          + command.qualifiedName()
          + ", but was "
          + flag
          + suggestion(flag, flagsOf(command));
    }
    var commands = command.subcommands().keySet();
    return commands.isEmpty()
        ? "Expected nothing more for " + command.qualifiedName() + ", but was " + word
        : "Expected one of "
            + String.join(", ", commands)
            + ", but was "
            + word
            + suggestion(word, List.copyOf(commands));
  }

  private static String suggestion(String word, List<String> known) {
    return Nearest.to(word, known).map(meant -> "; did you mean " + meant + "?").orElse("");
  }

  private static List<String> flagsOf(CommandSpec command) {
    var names = new ArrayList<String>();
    command.options().forEach(option -> names.addAll(List.of(option.names())));
    return names;
  }

  private static String nameOf(ArgSpec arg) {
    return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
  }
}
