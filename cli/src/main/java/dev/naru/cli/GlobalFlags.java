package dev.naru.cli;

import static picocli.CommandLine.ScopeType.INHERIT;

import dev.naru.cli.output.OutputFormat;
import dev.naru.cli.text.Durations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Flags that every command takes, before or after its name. A flag wins over a variable. */
public final class GlobalFlags {

  @Option(
      names = {"-b", "--bootstrap-servers"},
      paramLabel = "LIST",
      scope = INHERIT,
      description = "Nodes to ask first, host:port separated by commas (localhost:9410).")
  private Optional<String> bootstrapServers = Optional.empty();

  @Option(
      names = "-X",
      paramLabel = "NAME=VALUE",
      scope = INHERIT,
      description = "Any setting of the client; may be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      scope = INHERIT,
      description = "table, wide, json, jsonl, yaml or name.")
  private Optional<OutputFormat> output = Optional.empty();

  @Option(
      names = "--timeout",
      paramLabel = "D",
      scope = INHERIT,
      description = "Longest wait, such as 500ms or 30s (30s a call).")
  private Optional<Duration> timeout = Optional.empty();

  @Option(
      names = {"-q", "--quiet"},
      scope = INHERIT,
      description = "No notes.")
  private boolean isQuiet;

  @Option(
      names = {"-v", "--verbose"},
      scope = INHERIT,
      description = "Warnings of the client on stderr.")
  private boolean isVerbose;

  @Option(names = "--debug", scope = INHERIT, description = "Stack traces.")
  private boolean isDebug;

  @Option(names = "--no-color", scope = INHERIT, description = "No colour.")
  @SuppressWarnings("UnusedVariable") // CommandTree looks at the words, before there are values
  private boolean isPlain;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = INHERIT,
      description = "This text.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean isHelp;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      scope = INHERIT,
      description = "The release.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean isVersion;

  private final Map<String, String> environment;

  GlobalFlags(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Where the cluster is, if anybody said so. */
  public Optional<String> bootstrapServers() {
    return bootstrapServers.or(() -> variable("NARU_BOOTSTRAP_SERVERS", text -> text));
  }

  /** Settings of the client. */
  public Map<String, String> settings() {
    return settings;
  }

  /** The form of output, if anybody chose one. */
  public Optional<OutputFormat> output() {
    return output.or(() -> variable("NARU_OUTPUT", Converters::outputFormat));
  }

  /** How long to wait, if anybody said so. */
  public Optional<Duration> timeout() {
    return timeout.or(() -> variable("NARU_TIMEOUT", Durations::parse));
  }

  /** Refuses values of variables that a command would only meet later, or not at all. */
  void requireReadable() {
    var _ = output();
    var _ = timeout();
  }

  boolean isQuiet() {
    return isQuiet;
  }

  boolean isVerbose() {
    return isVerbose;
  }

  boolean isDebug() {
    return isDebug;
  }

  private <T> Optional<T> variable(String name, Function<String, T> parse) {
    try {
      return Optional.ofNullable(environment.get(name))
          .filter(value -> !value.isBlank())
          .map(parse);
    } catch (CommandFailure e) {
      throw CommandFailure.usage(e.getMessage() + " (" + name + ")");
    }
  }
}
