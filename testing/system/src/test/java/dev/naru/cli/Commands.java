package dev.naru.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.naru.cli.output.Notes;
import dev.naru.cli.output.Stdout;
import dev.naru.testing.cluster.NaruCluster;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;

/** Runs commands against a cluster, in this process, where no terminal is. */
final class Commands {

  private final NaruCluster cluster;

  Commands(NaruCluster cluster) {
    this.cluster = cluster;
  }

  /** What a command came to. */
  record Outcome(int status, String stdout, String stderr) {}

  Outcome run(String... words) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var environment = Map.of("NARU_BOOTSTRAP_SERVERS", cluster.bootstrapServers());
    var notes = new Notes(new PrintStream(err, true, UTF_8));
    int status = new CommandTree(new Invocation(environment, new Stdout(out), notes)).run(words);
    return new Outcome(status, out.toString(UTF_8), err.toString(UTF_8));
  }
}
