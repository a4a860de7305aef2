package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.OperationText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru ops list}. */
@Command(
    name = "list",
    description = "Operations, those that ended in the last 7 days too.",
    footer = {"", "Examples:", "  naru ops list --running", "  naru ops list -o json"})
public final class OpsListCommand implements Callable<Integer> {

  @Option(names = "--running", description = "Leave out those that have ended.")
  private boolean isRunningOnly;

  private final Invocation invocation;

  /** Belongs to this call. */
  public OpsListCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    try (var naru = invocation.open()) {
      invocation.print(
          Listing.list(
              "operations",
              invocation.await(naru.admin().operations().list(isRunningOnly)),
              OperationText::json,
              OperationText::name,
              OperationText::table,
              OperationText::table));
      return ExitStatus.DONE;
    }
  }
}
