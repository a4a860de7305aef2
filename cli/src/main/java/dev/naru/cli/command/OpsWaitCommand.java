package dev.naru.cli.command;

import dev.naru.cli.Invocation;
import dev.naru.cli.text.OperationArgument;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code naru ops wait}. Fails if the operation was cancelled. */
@Command(
    name = "wait",
    description = "Waits until an operation has ended, or --timeout is over: then it goes on.",
    footer = {
      "",
      "Examples:",
      "  naru ops wait operations/7d3f0c1e-2b0a-4c55-9a77-0c3b3f6f7a10 --timeout 10m"
    })
public final class OpsWaitCommand implements Callable<Integer> {

  @Parameters(paramLabel = "NAME", description = "The operation.")
  private String name = "";

  private final Invocation invocation;

  /** Belongs to this call. */
  public OpsWaitCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var id = OperationArgument.parse(name).id();
    try (var naru = invocation.open()) {
      var admin = naru.admin();
      var known = invocation.await(admin.operations().describe(id));
      return new OperationWait(invocation).report(admin, known, true);
    }
  }
}
