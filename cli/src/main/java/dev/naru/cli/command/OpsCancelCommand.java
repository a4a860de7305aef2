package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.text.OperationArgument;
import dev.naru.client.admin.OperationDescription;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru ops cancel}. */
@Command(
    name = "cancel",
    description = {
      "What an operation has not done yet stays, or becomes again, as it was before.",
      "A partition that moves goes back at once, unless too few of its old replicas are in sync:"
          + " then the operation says so and ends when they are. What has ended stays as it is."
    },
    footer = {
      "",
      "Examples:",
      "  naru ops cancel operations/7d3f0c1e-2b0a-4c55-9a77-0c3b3f6f7a10 --wait"
    })
public final class OpsCancelCommand implements Callable<Integer> {

  @Parameters(paramLabel = "NAME", description = "The operation.")
  private String name = "";

  @Option(names = "--wait", description = "Wait until all is as it was.")
  private boolean isAwaited;

  private final Invocation invocation;

  /** Belongs to this call. */
  public OpsCancelCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var id = OperationArgument.parse(name).id();
    try (var naru = invocation.open()) {
      var admin = naru.admin();
      var cancelled = invocation.await(admin.operations().cancel(id));
      int status = new OperationWait(invocation).report(admin, cancelled, isAwaited);
      // To have been cancelled is what was wanted here.
      return cancelled.state() == OperationDescription.State.DONE ? status : ExitStatus.DONE;
    }
  }
}
