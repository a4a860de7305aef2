package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.json.Json;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.Table;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.Admin;
import dev.naru.client.admin.LeaderElection;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.client.admin.TopicDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru partitions elect}. Fails if one of the preferred leaders does not lead then. */
@Command(
    name = "elect",
    description = {
      "Lets the preferred leaders of partitions lead.",
      "Many change hands a few at a time: until all have, it takes seconds."
    })
public final class PartitionsElectCommand implements Callable<Integer> {

  /** Longer than it takes until records flow again to those that have changed hands. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  @Parameters(
      arity = "0..*",
      paramLabel = "TOPIC[/PARTITION]",
      description = "The partitions; a topic alone is all of its partitions.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--all",
      description = "All partitions of the cluster that are led by another node.")
  private boolean isAll;

  @Option(names = "--dry-run", description = "Only print who would lead.")
  private boolean isDryRun;

  private final Invocation invocation;

  /** Belongs to this call. */
  public PartitionsElectCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    if (isAll == !names.isEmpty()) {
      throw CommandFailure.usage(
          isAll
              ? "Expected --all or partitions, but both were given"
              : "Expected TOPIC/PARTITION or --all, but neither was given");
    }
    var named = names.stream().map(TopicArgument::parse).toList();
    try (var naru = invocation.open()) {
      var admin = naru.admin();
      var partitions = isAll ? ledByOthers(admin) : partitionsOf(admin, named);
      var elections =
          isDryRun
              ? invocation.await(admin.validateElectPreferredLeaders(partitions))
              : elect(admin, partitions);
      print(elections);
      return elections.stream().allMatch(each -> each.failure().isEmpty())
          ? ExitStatus.DONE
          : ExitStatus.FAILED;
    }
  }

  private List<LeaderElection> elect(Admin admin, List<TopicPartition> partitions) {
    var elections = new ArrayList<LeaderElection>();
    for (var step : ElectionSteps.of(partitions.stream().distinct().toList())) {
      if (!elections.isEmpty()) {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
      elections.addAll(invocation.await(admin.electPreferredLeaders(step)));
    }
    return elections;
  }

  private List<TopicPartition> ledByOthers(Admin admin) {
    var partitions = new ArrayList<TopicPartition>();
    for (var topic : invocation.await(admin.listAllTopics())) {
      for (var partition : topic.partitions()) {
        if (!partition.leader().equals(OptionalInt.of(partition.replicas().getFirst()))) {
          partitions.add(new TopicPartition(topic.name(), partition.partition()));
        }
      }
    }
    return partitions;
  }

  private List<TopicPartition> partitionsOf(Admin admin, List<TopicArgument> named) {
    var partitions = new ArrayList<TopicPartition>();
    for (var each : named) {
      if (each.partition().isPresent()) {
        partitions.add(new TopicPartition(each.topic(), each.partition().getAsInt()));
      } else {
        allOf(invocation.await(admin.describeTopic(each.topic())), partitions);
      }
    }
    return partitions;
  }

  private static void allOf(TopicDescription topic, List<TopicPartition> partitions) {
    for (PartitionDescription partition : topic.partitions()) {
      partitions.add(new TopicPartition(topic.name(), partition.partition()));
    }
  }

  // ---- output

  private void print(List<LeaderElection> elections) {
    invocation.print(
        Listing.list(
            "partitions",
            elections,
            PartitionsElectCommand::json,
            PartitionsElectCommand::resource,
            PartitionsElectCommand::table,
            PartitionsElectCommand::table));
  }

  private static String resource(LeaderElection election) {
    return "topics/%s/partitions/%d"
        .formatted(election.partition().topic(), election.partition().partition());
  }

  private static Json json(LeaderElection election) {
    var object = Json.object().with("name", resource(election));
    election.oldLeader().ifPresent(node -> object.with("oldLeader", node));
    election.leader().ifPresent(node -> object.with("leader", node));
    election.failure().ifPresent(failure -> object.with("error", failure.code().name()));
    return object.build();
  }

  private static List<String> table(List<LeaderElection> elections) {
    var table = new Table("PARTITION", "OLD LEADER", "LEADER", "WHY NOT THE PREFERRED");
    elections.forEach(election ->
        table.row(
            election.partition(),
            node(election.oldLeader()),
            node(election.leader()),
            election.failure().map(NaruException::getMessage).orElse("-")));
    return table.lines();
  }

  private static String node(OptionalInt node) {
    return node.isPresent() ? Integer.toString(node.getAsInt()) : "-";
  }
}
