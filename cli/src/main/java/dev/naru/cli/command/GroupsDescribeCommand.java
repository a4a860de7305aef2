package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.GroupText;
import dev.naru.cli.output.Listing;
import dev.naru.cli.text.GroupArgument;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code naru groups describe}. */
@Command(
    name = "describe",
    description = {
      "One group: its members, what each of them reads, and how far behind it is.",
      "LAG counts records that are kept and not processed, LAG TIME is the age of the first one."
          + " A dash stands for what is not known now."
    },
    footer = {
      "",
      "Examples:",
      "  naru groups describe billing",
      "  naru groups describe billing -o json"
    })
public final class GroupsDescribeCommand implements Callable<Integer> {

  @Parameters(paramLabel = "GROUP", description = "The group.")
  private String group = "";

  private final Invocation invocation;

  /** Belongs to this call. */
  public GroupsDescribeCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    try (var naru = invocation.open()) {
      var described = invocation.await(naru.admin().describeGroup(GroupArgument.name(group)));
      invocation.print(
          Listing.single(
              described,
              GroupText::json,
              each -> GroupText.name(each.summary()),
              GroupText::describe));
      return ExitStatus.DONE;
    }
  }
}
