package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.OperationText;
import dev.naru.cli.text.OperationArgument;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code naru ops describe}. */
@Command(
    name = "describe",
    description = "How far an operation is, and what it moves now.",
    footer = {
      "",
      "Examples:",
      "  naru ops describe operations/7d3f0c1e-2b0a-4c55-9a77-0c3b3f6f7a10"
    })
public final class OpsDescribeCommand implements Callable<Integer> {

  @Parameters(paramLabel = "NAME", description = "The operation.")
  private String name = "";

  private final Invocation invocation;

  /** Belongs to this call. */
  public OpsDescribeCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var id = OperationArgument.parse(name).id();
    try (var naru = invocation.open()) {
      invocation.print(
          Listing.single(
              invocation.await(naru.admin().operations().describe(id)),
              OperationText::json,
              OperationText::name,
              OperationText::text));
      return ExitStatus.DONE;
    }
  }
}
