package dev.naru.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Scripts for shells that complete commands and flags. They hold the whole tree, so that nothing is
 * started when somebody presses the key.
 */
public final class CompletionScript {

  /** Of {@code -o}. */
  private static final String OUTPUTS =
      String.join(
          " ",
          Stream.of(OutputFormat.values())
              .map(output -> output.name().toLowerCase(Locale.ROOT))
              .toList());

  /** By the words that lead there, such as "topics create"; the empty one is the root. */
  private final Map<String, CommandSpec> commands = new TreeMap<>();

  /** Of this command and all below it. */
  public CompletionScript(CommandSpec root) {
    add("", root);
  }

  private void add(String path, CommandSpec command) {
    commands.put(path, command);
    command
        .subcommands()
        .forEach(
            (name, line) -> add(path.isEmpty() ? name : path + " " + name, line.getCommandSpec()));
  }

  /** To be read by bash. */
  public String bash() {
    var script = new StringBuilder("# source <(naru completion bash)\n");
    script.append("_naru() {\n");
    script.append("  local current=${COMP_WORDS[COMP_CWORD]} at= next i\n");
    script.append("  case ${COMP_WORDS[COMP_CWORD-1]} in\n");
    script
        .append("    -o | --output) COMPREPLY=($(compgen -W '")
        .append(OUTPUTS)
        .append("' -- \"$current\")); return ;;\n");
    script.append("  esac\n");
    script.append("  for ((i = 1; i < COMP_CWORD; i++)); do\n");
    script.append("    next=\"${at:+$at }${COMP_WORDS[i]}\"\n");
    script.append("    case $next in\n");
    script
        .append("      ")
        .append(
            String.join(
                " | ",
                commands.keySet().stream()
                    .filter(path -> !path.isEmpty())
                    .map(path -> "'" + path + "'")
                    .toList()))
        .append(") at=$next ;;\n");
    script.append("    esac\n  done\n");
    script.append("  case $at in\n");
    commands.forEach((path, command) ->
        script
            .append("    '")
            .append(path)
            .append("') next='")
            .append(String.join(" ", words(command)))
            .append("' ;;\n"));
    script.append("  esac\n");
    script.append("  COMPREPLY=($(compgen -W \"$next\" -- \"$current\"))\n}\n");
    return script.append("complete -o default -F _naru naru\n").toString();
  }

  /** To be read by zsh, which can do as bash does; a variable "path" would be its PATH. */
  public String zsh() {
    return "# source <(naru completion zsh)\nautoload -U +X compinit && compinit\n"
        + "autoload -U +X bashcompinit && bashcompinit\n"
        + bash();
  }

  /** To be read by fish. */
  public String fish() {
    var script = new StringBuilder("# naru completion fish | source\n");
    script.append(
        """
        function __naru_at
          set -l words
          for word in (commandline -opc)[2..]
            string match -q -- '-*' $word; or set -a words $word
          end
          test "$words" = "$argv"
        end
        """);
    commands.forEach((path, command) -> {
      var at = "complete -c naru -n '__naru_at " + path + "' ";
      command
          .subcommands()
          .forEach((name, line) ->
              script
                  .append(at)
                  .append("-f -a ")
                  .append(name)
                  .append(" -d ")
                  .append(quoted(description(line)))
                  .append('\n'));
      for (var flag : command.options()) {
        script.append(at).append(names(flag)).append('\n');
      }
    });
    return script.toString();
  }

  private static String names(OptionSpec flag) {
    var words = new ArrayList<String>();
    for (var name : flag.names()) {
      words.add(name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1));
    }
    if (flag.arity().max() > 0) {
      words.add("-r");
    }
    if (List.of(flag.names()).contains("--output")) {
      words.add("-f -a '" + OUTPUTS + "'");
    }
    words.add("-d " + quoted(flag.description().length > 0 ? flag.description()[0] : ""));
    return String.join(" ", words);
  }

  private static String description(CommandLine line) {
    var description = line.getCommandSpec().usageMessage().description();
    return description.length > 0 ? description[0] : "";
  }

  /** In single quotes, in which fish knows two escapes. */
  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private static List<String> words(CommandSpec command) {
    var words = new ArrayList<>(command.subcommands().keySet());
    for (var flag : command.options()) {
      words.addAll(List.of(flag.names()));
    }
    return words;
  }
}
