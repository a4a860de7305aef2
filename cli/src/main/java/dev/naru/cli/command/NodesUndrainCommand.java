package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.ApiJson;
import dev.naru.cli.output.Listing;
import dev.naru.cli.text.NodeArgument;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru nodes undrain}. */
@Command(
    name = "undrain",
    description = {
      "Lets a drained node lead and hold as much as others again.",
      "It leads what it is asked to: naru partitions elect --all gives it its share back."
    },
    footer = {"", "Examples:", "  naru nodes undrain 2"})
public final class NodesUndrainCommand implements Callable<Integer> {

  @Parameters(paramLabel = "ID", description = "The node.")
  private String name = "";

  @Option(names = "--dry-run", description = "Only check, and print what would come of it.")
  private boolean isDryRun;

  private final Invocation invocation;

  /** Belongs to this call. */
  public NodesUndrainCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    int id = NodeArgument.parse(name).id();
    try (var naru = invocation.open()) {
      var operations = naru.admin().operations();
      var node =
          invocation.await(isDryRun ? operations.validateUndrain(id) : operations.undrain(id));
      invocation
          .notes()
          .note("nodes/%d %s %s".formatted(id, isDryRun ? "would be" : "is", node.state()));
      invocation.print(
          Listing.single(
              node, ApiJson::node, each -> ApiJson.nodeName(each.id()), each -> List.of()));
      return ExitStatus.DONE;
    }
  }
}
