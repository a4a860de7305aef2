package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.GroupText;
import dev.naru.cli.output.Listing;
import dev.naru.client.admin.GroupListing;
import dev.naru.client.admin.GroupSummary;
import dev.naru.client.admin.GroupWarning;
import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru groups list}. Fails if groups are missing, after the rest is printed. */
@Command(
    name = "list",
    description = "All groups: what they do, and how many members they have.",
    footer = {"", "Examples:", "  naru groups list", "  naru groups list --state empty -o name"})
public final class GroupsListCommand implements Callable<Integer> {

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only those that are empty, stable or rebalancing; repeatable (all).")
  private List<String> states = new ArrayList<>();

  private final Invocation invocation;

  /** Belongs to this call. */
  public GroupsListCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var wanted = states.stream().map(GroupsListCommand::state).toList();
    GroupListing listing;
    try (var naru = invocation.open()) {
      listing = invocation.await(naru.admin().listGroups(wanted));
    }
    invocation.print(
        Listing.list(
            "groups",
            listing.groups(),
            GroupText::json,
            GroupText::name,
            GroupText::table,
            GroupText::wide));
    listing
        .warnings()
        .forEach(warning -> invocation.notes().warn(warning.code(), warning.message()));
    return listing.warnings().stream()
        .findFirst()
        .map(GroupsListCommand::status)
        .orElse(ExitStatus.DONE);
  }

  private static GroupSummary.State state(String text) {
    for (var state : GroupSummary.State.values()) {
      if (state.name().toLowerCase(Locale.ROOT).equals(text)) {
        return state;
      }
    }
    throw CommandFailure.usage("Expected --state empty, stable or rebalancing, but was " + text);
  }

  /** That of the error by whose name the node warns; a newer one may have others. */
  private static int status(GroupWarning warning) {
    for (var code : ErrorCode.values()) {
      if (code.name().equals(warning.code())) {
        return code.exitStatus();
      }
    }
    return ExitStatus.FAILED;
  }
}
