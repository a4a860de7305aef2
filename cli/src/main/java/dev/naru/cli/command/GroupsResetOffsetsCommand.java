package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.Confirmation;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.GroupText;
import dev.naru.cli.output.Listing;
import dev.naru.cli.records.ReadFrom;
import dev.naru.cli.text.GroupArgument;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.Admin;
import dev.naru.client.admin.GroupOffset;
import dev.naru.client.admin.OffsetChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru groups reset-offsets}. What was shown before the question is what is done. */
@Command(
    name = "reset-offsets",
    description = {
      "Lets a group without members go on elsewhere: stop its consumers first.",
      "--dry-run prints the offsets before and after, and how far behind the group is with either."
    },
    footer = {
      "",
      "Examples:",
      "  naru groups reset-offsets billing --topic orders --to beginning --dry-run",
      "  naru groups reset-offsets billing --topic orders/3 --to offset:4711",
      "  naru groups reset-offsets billing --all-topics --to time:-2h --yes -o json"
    })
public final class GroupsResetOffsetsCommand implements Callable<Integer> {

  @Parameters(paramLabel = "GROUP", description = "The group; it is made if there is none.")
  private String named = "";

  @Option(
      names = "--topic",
      paramLabel = "TOPIC[/P]",
      description = "In this topic, or one partition of it; repeatable.")
  private List<TopicArgument> topics = new ArrayList<>();

  @Option(names = "--all-topics", description = "Everywhere where the group has an offset.")
  private boolean isEverywhere;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "PLACE",
      description = "beginning, end, offset:N, offset:-N or time:T.")
  private String to = "";

  @Option(names = "--dry-run", description = "Only check, and print what would change.")
  private boolean isDryRun;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean isConfirmed;

  private final Invocation invocation;

  /** Belongs to this call. */
  public GroupsResetOffsetsCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var group = GroupArgument.name(named);
    var place = ReadFrom.parse("--to", to, Instant.now());
    if (isEverywhere != topics.isEmpty()) {
      throw CommandFailure.usage(
          "Expected --topic or --all-topics, but "
              + (isEverywhere ? "both were given" : "neither was given"));
    }
    if (!isDryRun && !isConfirmed) {
      Confirmation.requireTerminal();
    }
    try (var naru = invocation.open()) {
      var admin = naru.admin();
      var positions = positions(admin, partitions(admin, group), place);
      if (isConfirmed && !isDryRun) {
        print(invocation.await(admin.resetOffsets(group, positions)));
        return ExitStatus.DONE;
      }
      var planned = invocation.await(admin.validateResetOffsets(group, positions));
      return isDryRun ? show(planned) : ask(admin, group, planned);
    }
  }

  private int show(List<OffsetChange> planned) {
    print(planned);
    return ExitStatus.DONE;
  }

  private int ask(Admin admin, String group, List<OffsetChange> planned) {
    GroupText.changes(planned).forEach(invocation.notes()::note);
    var question = "Let group %s go on there?".formatted(group);
    if (!Confirmation.isGiven(question, invocation.notes())) {
      invocation.notes().say("nothing was changed");
      return ExitStatus.FAILED;
    }
    var shown = new TreeMap<TopicPartition, Position>();
    planned.forEach(change -> shown.put(change.partition(), Position.offset(change.newOffset())));
    print(invocation.await(admin.resetOffsets(group, shown)));
    return ExitStatus.DONE;
  }

  // ---- where, and to what

  private Collection<TopicPartition> partitions(Admin admin, String group) {
    var chosen = ChosenPartitions.of(topics, admin, invocation);
    if (isEverywhere) {
      invocation.await(admin.describeGroup(group)).offsets().stream()
          .map(GroupOffset::partition)
          .forEach(chosen::add);
    }
    if (chosen.isEmpty()) {
      throw CommandFailure.usage(
          "Expected group %s to have an offset somewhere, but it has none; name a --topic"
              .formatted(group));
    }
    return chosen;
  }

  private Map<TopicPartition, Position> positions(
      Admin admin, Collection<TopicPartition> partitions, ReadFrom place) {
    var positions = new TreeMap<TopicPartition, Position>();
    switch (place) {
      case ReadFrom.Beginning() -> putAll(positions, partitions, Position.beginning());
      case ReadFrom.End() -> putAll(positions, partitions, Position.end());
      case ReadFrom.Offset(long offset) -> putAll(positions, partitions, Position.offset(offset));
      case ReadFrom.Time(var time) -> putAll(positions, partitions, Position.time(time));
      case ReadFrom.BeforeEnd(long count) -> {
        var starts = invocation.await(admin.beginningOffsets(partitions));
        invocation
            .await(admin.endOffsets(partitions))
            .forEach((partition, end) -> {
              long start = starts.getOrDefault(partition, 0L);
              positions.put(partition, Position.offset(Math.max(start, end - count)));
            });
      }
    }
    return positions;
  }

  private static void putAll(
      Map<TopicPartition, Position> positions,
      Collection<TopicPartition> partitions,
      Position position) {
    partitions.forEach(partition -> positions.put(partition, position));
  }

  private void print(List<OffsetChange> changes) {
    invocation.print(
        Listing.list(
            "changes",
            changes,
            GroupText::json,
            GroupText::name,
            GroupText::changes,
            GroupText::changes));
  }
}
