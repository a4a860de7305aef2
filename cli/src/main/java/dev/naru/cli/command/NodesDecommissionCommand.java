package dev.naru.cli.command;

import dev.naru.cli.Confirmation;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.text.NodeArgument;
import dev.naru.cli.text.Size;
import dev.naru.client.admin.OperationDescription;
import dev.naru.client.admin.Operations;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru nodes decommission}. */
@Command(
    name = "decommission",
    description = {
      "Moves all replicas of a node to others; once that is done and the node has stopped, the"
          + " cluster knows it no more.",
      "Refused if the others are too few for the copies that are wanted, and for a node that votes."
    },
    footer = {
      "",
      "Examples:",
      "  naru nodes decommission 4 --dry-run",
      "  naru nodes decommission 4 --throttle 20MiB --yes --wait",
      "  naru nodes decommission 4 --gone --yes"
    })
public final class NodesDecommissionCommand implements Callable<Integer> {

  @Parameters(paramLabel = "ID", description = "The node.")
  private String name = "";

  @Option(
      names = "--throttle",
      paramLabel = "RATE",
      description = "Bytes a second that each leader sends at most to replicas that are new.")
  private Optional<Size> throttle = Optional.empty();

  @Option(
      names = "--gone",
      description = "It is fenced, and its process will not come back: forget it without waiting.")
  private boolean isGone;

  @Option(names = "--dry-run", description = "Only check, and print what would move where.")
  private boolean isDryRun;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean isConfirmed;

  @Option(names = "--wait", description = "Wait until it is gone: it is to be stopped meanwhile.")
  private boolean isAwaited;

  private final Invocation invocation;

  /** Belongs to this call. */
  public NodesDecommissionCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    int id = NodeArgument.parse(name).id();
    var question = "Move all replicas of node " + id + " to others, and then forget it?";
    if (!isDryRun && !isConfirmed && !Confirmation.isGiven(question, invocation.notes())) {
      invocation.notes().say("nothing was changed");
      return ExitStatus.FAILED;
    }
    var rate = throttle.map(size -> OptionalLong.of(size.bytes())).orElse(OptionalLong.empty());
    try (var naru = invocation.open()) {
      var operations = naru.admin().operations();
      var begun =
          invocation.await(isDryRun ? check(operations, id, rate) : begin(operations, id, rate));
      return new OperationWait(invocation).show(naru.admin(), begun, isDryRun, isAwaited);
    }
  }

  private CompletableFuture<OperationDescription> check(
      Operations operations, int node, OptionalLong rate) {
    return isGone
        ? operations.validateDecommissionGone(node, rate)
        : operations.validateDecommission(node, rate);
  }

  private CompletableFuture<OperationDescription> begin(
      Operations operations, int node, OptionalLong rate) {
    return isGone ? operations.decommissionGone(node, rate) : operations.decommission(node, rate);
  }
}
