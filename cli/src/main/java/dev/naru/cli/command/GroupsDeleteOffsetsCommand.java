package dev.naru.cli.command;

import dev.naru.cli.Confirmation;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.GroupText;
import dev.naru.cli.output.Listing;
import dev.naru.cli.text.GroupArgument;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru groups delete-offsets}. */
@Command(
    name = "delete-offsets",
    description = {
      "Has a group forget its offsets in topics that it reads no more: it is behind there no"
          + " longer.",
      "No member may subscribe to them. A group without members goes with its last offset."
    },
    footer = {
      "",
      "Examples:",
      "  naru groups delete-offsets billing --topic old-orders --dry-run",
      "  naru groups delete-offsets billing --topic old-orders --topic orders/7 --yes"
    })
public final class GroupsDeleteOffsetsCommand implements Callable<Integer> {

  @Parameters(paramLabel = "GROUP", description = "The group.")
  private String named = "";

  @Option(
      names = "--topic",
      required = true,
      paramLabel = "TOPIC[/P]",
      description = "In this topic, or one partition of it; repeatable.")
  private List<TopicArgument> topics = new ArrayList<>();

  @Option(names = "--dry-run", description = "Only check, and print what would be forgotten.")
  private boolean isDryRun;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean isConfirmed;

  private final Invocation invocation;

  /** Belongs to this call. */
  public GroupsDeleteOffsetsCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var group = GroupArgument.name(named);
    if (!isDryRun && !isConfirmed) {
      Confirmation.requireTerminal();
    }
    try (var naru = invocation.open()) {
      var admin = naru.admin();
      var chosen = ChosenPartitions.of(topics, admin, invocation);
      var planned = invocation.await(admin.validateDeleteOffsets(group, chosen));
      if (planned.isEmpty()) {
        invocation.notes().say("group %s has no offsets there".formatted(group));
      }
      if (isDryRun || planned.isEmpty()) {
        print(planned);
        return ExitStatus.DONE;
      }
      if (!isConfirmed && !isConfirmed(group, planned)) {
        invocation.notes().say("nothing was changed");
        return ExitStatus.FAILED;
      }
      print(invocation.await(admin.deleteOffsets(group, planned.keySet())));
      return ExitStatus.DONE;
    }
  }

  private boolean isConfirmed(String group, SortedMap<TopicPartition, Long> planned) {
    GroupText.forgotten(List.copyOf(planned.entrySet())).forEach(invocation.notes()::note);
    return Confirmation.isGiven(
        "Have group %s forget these offsets?".formatted(group), invocation.notes());
  }

  private void print(SortedMap<TopicPartition, Long> offsets) {
    invocation.print(
        Listing.<Map.Entry<TopicPartition, Long>>list(
            "offsets",
            List.copyOf(offsets.entrySet()),
            GroupText::json,
            each -> each.getKey().toString(),
            GroupText::forgotten,
            GroupText::forgotten));
  }
}
