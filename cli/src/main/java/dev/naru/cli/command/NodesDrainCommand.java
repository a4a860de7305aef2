package dev.naru.cli.command;

import dev.naru.cli.Invocation;
import dev.naru.cli.text.NodeArgument;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru nodes drain}. */
@Command(
    name = "drain",
    description = {
      "Lets other nodes lead what a node leads, and gives it no new replicas, until naru nodes"
          + " undrain; also after a restart.",
      "It keeps its replicas and follows. Once it is DRAINED it can be stopped without a gap."
    },
    footer = {"", "Examples:", "  naru nodes drain 2 --dry-run", "  naru nodes drain 2 --wait"})
public final class NodesDrainCommand implements Callable<Integer> {

  @Parameters(paramLabel = "ID", description = "The node.")
  private String name = "";

  @Option(names = "--dry-run", description = "Only check, and print what would come of it.")
  private boolean isDryRun;

  @Option(names = "--wait", description = "Wait until it is drained.")
  private boolean isAwaited;

  private final Invocation invocation;

  /** Belongs to this call. */
  public NodesDrainCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    int id = NodeArgument.parse(name).id();
    try (var naru = invocation.open()) {
      var operations = naru.admin().operations();
      var begun = invocation.await(isDryRun ? operations.validateDrain(id) : operations.drain(id));
      return new OperationWait(invocation).show(naru.admin(), begun, isDryRun, isAwaited);
    }
  }
}
