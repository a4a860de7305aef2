package dev.naru.cli.command;

import dev.naru.cli.dev.NaruScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru node format}: checks the flags and leaves the work to the node's own code. */
@Command(
    name = "format",
    description = "Writes the node's identity into its empty directories; prints the cluster id.")
public final class NodeFormatCommand implements Callable<Integer> {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The node's configuration (/etc/naru/node.yaml).")
  private String config = NodeStartCommand.CONFIG_DEFAULT;

  @ArgGroup private Cluster cluster = new Cluster();

  @Option(
      names = "--replace",
      description = "An earlier disk of this node is gone, and will not come back.")
  private boolean isReplacement;

  @Override
  public Integer call() {
    var words = new ArrayList<>(List.of("node", "format", "--config", config));
    cluster.id.ifPresent(id -> words.addAll(List.of("--cluster-id", id)));
    if (cluster.isNew) {
      words.add("--new-cluster-id");
    }
    if (isReplacement) {
      words.add("--replace");
    }
    return NaruScript.ofProcess().run(words);
  }

  private static final class Cluster {

    @Option(names = "--cluster-id", paramLabel = "UUID", description = "The cluster's id.")
    private Optional<String> id = Optional.empty();

    @Option(names = "--new-cluster-id", description = "A new cluster.")
    private boolean isNew;
  }
}
