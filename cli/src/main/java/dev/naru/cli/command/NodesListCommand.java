package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.ApiJson;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.Table;
import dev.naru.client.admin.NodeDescription;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code naru nodes list}. */
@Command(name = "list", description = "State, role and load of each node.")
public final class NodesListCommand implements Callable<Integer> {

  private final Invocation invocation;

  /** Belongs to this call. */
  public NodesListCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    try (var naru = invocation.open()) {
      var nodes = invocation.await(naru.admin().listNodes());
      invocation.print(
          Listing.list(
              "nodes",
              nodes,
              ApiJson::node,
              node -> ApiJson.nodeName(node.id()),
              NodesListCommand::table,
              NodesListCommand::wide));
      return ExitStatus.DONE;
    }
  }

  private static List<String> table(List<NodeDescription> nodes) {
    var table = new Table("NODE", "STATE", "ROLE", "RACK", "LEADERS", "REPLICAS", "CLIENT");
    nodes.forEach(node ->
        table.row(
            node.id(),
            node.state(),
            role(node),
            node.rack().orElse("-"),
            node.leaderCount(),
            node.replicaCount(),
            node.clientAddress()));
    return table.lines();
  }

  private static List<String> wide(List<NodeDescription> nodes) {
    var table =
        new Table(
            "NODE",
            "STATE",
            "ROLE",
            "RACK",
            "LEADERS",
            "REPLICAS",
            "CLIENT",
            "INTERNAL",
            "HTTP",
            "EPOCH",
            "VERSION");
    nodes.forEach(node ->
        table.row(
            node.id(),
            node.state(),
            role(node),
            node.rack().orElse("-"),
            node.leaderCount(),
            node.replicaCount(),
            node.clientAddress(),
            node.internalAddress(),
            node.httpAddress(),
            node.epoch(),
            node.version()));
    return table.lines();
  }

  private static String role(NodeDescription node) {
    return node.isController() ? "controller" : node.role().name().toLowerCase(Locale.ROOT);
  }
}
