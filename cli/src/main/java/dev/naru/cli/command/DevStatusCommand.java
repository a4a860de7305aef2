package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.dev.DevCluster;
import dev.naru.cli.dev.DevState;
import dev.naru.cli.dev.NodeStatus;
import dev.naru.cli.json.Json;
import dev.naru.cli.output.ApiJson;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru dev status}. */
@Command(name = "status", description = "Prints the nodes of the cluster that naru dev runs.")
public final class DevStatusCommand implements Callable<Integer> {

  @Option(names = "--data-dir", paramLabel = "DIR", description = "Its data directory (data/dev).")
  private Path directory = Path.of(DevState.DIRECTORY_DEFAULT);

  private final Invocation invocation;

  /** Belongs to this call. */
  public DevStatusCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var nodes = DevCluster.open(directory).status();
    invocation.print(
        new Listing<>(
            nodes,
            DevStatusCommand::json,
            node -> ApiJson.nodeName(node.node()),
            forms -> Json.array(forms.stream()),
            DevStatusCommand::table,
            DevStatusCommand::table));
    return ExitStatus.DONE;
  }

  private static Json json(NodeStatus node) {
    return Json.object()
        .with("node", node.node())
        .with("pid", Json.orNone(node.pid().map(Json::number)))
        .with("state", node.condition().name())
        .with("client", node.client().toString())
        .with("http", node.http().toString())
        .build();
  }

  private static List<String> table(List<NodeStatus> nodes) {
    var table = new Table("NODE", "PID", "STATE", "CLIENT", "HTTP");
    nodes.forEach(node ->
        table.row(
            node.node(),
            node.pid().map(String::valueOf).orElse("-"),
            node.condition(),
            node.client(),
            node.http()));
    return table.lines();
  }
}
