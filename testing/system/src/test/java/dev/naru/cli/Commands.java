package dev.naru.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.naru.cli.output.Notes;
import dev.naru.cli.output.Stdout;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;

/** Runs commands against a cluster, in this process, where no terminal is. */
public final class Commands {

  private final String bootstrapServers;

  /** Against the cluster that is found there. */
  public Commands(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  /** What a command came to. */
  public record Outcome(int status, String stdout, String stderr) {}

  /** Runs one to its end. */
  public Outcome run(String... words) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var environment = Map.of("NARU_BOOTSTRAP_SERVERS", bootstrapServers);
    var notes = new Notes(new PrintStream(err, true, UTF_8));
    int status = new CommandTree(new Invocation(environment, new Stdout(out), notes)).run(words);
    return new Outcome(status, out.toString(UTF_8), err.toString(UTF_8));
  }
}
