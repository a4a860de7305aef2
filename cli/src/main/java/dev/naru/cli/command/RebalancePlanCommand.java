package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.text.RebalanceFile;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.admin.Rebalancing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru rebalance plan}. */
@Command(
    name = "plan",
    description = {
      "Plans what evens out leaders or data, and changes nothing.",
      "Prints the plan as YAML, which naru rebalance apply reads; -o wide prints tables. Nodes that"
          + " are drained or do not serve are left out. Each replica counts at least 1 MiB, and"
          + " nodes that differ by less than a tenth of the mean are even."
    },
    footer = {
      "",
      "Examples:",
      "  naru rebalance plan --by leaders",
      "  naru rebalance plan --by bytes > plan.yaml",
      "  naru rebalance plan --by disk -o wide"
    })
public final class RebalancePlanCommand implements Callable<Integer> {

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      description = {
        "leaders: partitions that nodes lead; no data moves.",
        "bytes: what they hold (the default).",
        "disk: the used part of their disks, so that a larger one holds more."
      })
  private String by = "bytes";

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Only partitions of this topic change; repeatable.")
  private List<String> topics = new ArrayList<>();

  @Option(
      names = "--max",
      paramLabel = "N",
      description = "At most so many partitions change (1000).")
  private int most = 1_000;

  private final Invocation invocation;

  /** Belongs to this call. */
  public RebalancePlanCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var aim = RebalanceFile.aim(by);
    if (most < 1 || most > Rebalancing.PARTITIONS_MAX) {
      throw CommandFailure.usage(
          "Expected --max of 1 to %d, but was %d".formatted(Rebalancing.PARTITIONS_MAX, most));
    }
    var named = topics.stream().map(TopicArgument::name).toList();
    try (var naru = invocation.open()) {
      var plan = invocation.await(naru.admin().rebalancing().plan(aim, named, most));
      RebalanceOutput.print(plan, invocation);
      return ExitStatus.DONE;
    }
  }
}
