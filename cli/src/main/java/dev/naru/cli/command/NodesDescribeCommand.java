package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.ApiJson;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.Table;
import dev.naru.cli.text.NodeArgument;
import dev.naru.client.admin.NodeDescription;
import dev.naru.types.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code naru nodes describe}. */
@Command(
    name = "describe",
    description = "State, role, load and addresses of a node.",
    footer = {"", "Examples:", "  naru nodes describe 2"})
public final class NodesDescribeCommand implements Callable<Integer> {

  @Parameters(paramLabel = "ID", description = "The node.")
  private String name = "";

  private final Invocation invocation;

  /** Belongs to this call. */
  public NodesDescribeCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    int id = NodeArgument.parse(name).id();
    try (var naru = invocation.open()) {
      var node =
          invocation.await(naru.admin().listNodes()).stream()
              .filter(each -> each.id() == id)
              .findFirst()
              .orElseThrow(() ->
                  CommandFailure.of(
                      ErrorCode.NODE_NOT_FOUND,
                      "Expected a registered node, but there is none of id " + id));
      invocation.print(
          Listing.single(
              node,
              ApiJson::node,
              each -> ApiJson.nodeName(each.id()),
              NodesDescribeCommand::text));
      return ExitStatus.DONE;
    }
  }

  private static List<String> text(NodeDescription node) {
    var role = node.role().name().toLowerCase(Locale.ROOT);
    return new Table("NODE", Integer.toString(node.id()))
        .row("state", node.state() + (node.isDecommissioning() ? ", to be removed" : ""))
        .row("role", node.isController() ? role + ", controller" : role)
        .row("rack", node.rack().orElse("-"))
        .row("leaders", node.leaderCount())
        .row("replicas", node.replicaCount())
        .row("version", node.version())
        .row("epoch", node.epoch())
        .row("client", node.clientAddress())
        .row("internal", node.internalAddress())
        .row("http", node.httpAddress())
        .lines();
  }
}
