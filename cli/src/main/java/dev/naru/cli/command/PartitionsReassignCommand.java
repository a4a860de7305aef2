package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.text.ReassignmentPlan;
import dev.naru.cli.text.Size;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.Admin;
import dev.naru.client.admin.RebalanceAim;
import dev.naru.client.admin.Rebalancing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru partitions reassign}. */
@Command(
    name = "reassign",
    description = {
      "Moves replicas to other nodes.",
      "Each partition gets its new replicas, and loses its old ones once the new are in sync; some"
          + " partitions move at a time. naru ops shows how far it is, and cancels it.",
      "--dry-run prints the plan as YAML, which --plan reads. --auto lets the cluster plan what"
          + " evens out the bytes that nodes hold, as naru rebalance plan does."
    },
    footer = {
      "",
      "Examples:",
      "  naru partitions reassign orders/3 --to 1,2,4",
      "  naru partitions reassign orders --to 1,2,4 --dry-run > plan.yaml",
      "  naru partitions reassign --plan plan.yaml --throttle 20MiB --wait",
      "  naru partitions reassign orders --auto --dry-run"
    })
public final class PartitionsReassignCommand implements Callable<Integer> {

  @Parameters(
      arity = "0..1",
      paramLabel = "TOPIC[/PARTITION]",
      description = "What is to move; a topic alone is all of its partitions.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--to",
      split = ",",
      paramLabel = "NODE",
      description =
          "Where to, as many as there are replicas, the preferred leader first; of a whole topic"
              + " each partition begins with the next of them.")
  private List<Integer> nodes = new ArrayList<>();

  @Option(names = "--plan", paramLabel = "FILE", description = "What is to move where.")
  private Optional<Path> plan = Optional.empty();

  @Option(names = "--auto", description = "The cluster plans what moves: of the topic, or of all.")
  private boolean isAutomatic;

  @Option(
      names = "--throttle",
      paramLabel = "RATE",
      description = "Bytes a second that each leader sends at most to replicas that are new.")
  private Optional<Size> throttle = Optional.empty();

  @Option(names = "--dry-run", description = "Only check, and print the plan.")
  private boolean isDryRun;

  @Option(names = "--wait", description = "Wait until all has moved.")
  private boolean isAwaited;

  private final Invocation invocation;

  /** Belongs to this call. */
  public PartitionsReassignCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    if (isAutomatic) {
      return plannedByCluster();
    }
    boolean isNamed = name.isPresent() && !nodes.isEmpty();
    if (isNamed == plan.isPresent() || name.isPresent() != !nodes.isEmpty()) {
      throw CommandFailure.usage(
          "Expected TOPIC[/PARTITION] --to NODES, or --plan FILE, or --auto, and only one of them");
    }
    var read = plan.map(ReassignmentPlan::read);
    var rate = rate();
    try (var naru = invocation.open()) {
      var admin = naru.admin();
      var wanted = read.orElseGet(() -> placements(admin));
      if (isDryRun) {
        var planned = invocation.await(admin.operations().validateReassign(wanted, rate));
        invocation.notes().note(planned.total() + " partitions would move");
        PlanOutput.print(planned, invocation);
        return ExitStatus.DONE;
      }
      var begun = invocation.await(admin.operations().reassign(wanted, rate));
      return new OperationWait(invocation).report(admin, begun, isAwaited);
    }
  }

  private OptionalLong rate() {
    return throttle.map(size -> OptionalLong.of(size.bytes())).orElse(OptionalLong.empty());
  }

  private int plannedByCluster() {
    if (!nodes.isEmpty() || plan.isPresent()) {
      throw CommandFailure.usage("Expected --auto without --to and --plan, but one was given");
    }
    var topics = name.map(TopicArgument::name).stream().toList();
    try (var naru = invocation.open()) {
      var admin = naru.admin();
      var planned =
          invocation.await(
              admin.rebalancing().plan(RebalanceAim.BYTES, topics, Rebalancing.PARTITIONS_MAX));
      if (isDryRun) {
        RebalanceOutput.print(planned, invocation);
        return ExitStatus.DONE;
      }
      planned.notes().forEach(invocation.notes()::note);
      return new PlanApplication(admin, invocation).apply(planned, rate(), false, isAwaited);
    }
  }

  private Map<TopicPartition, List<Integer>> placements(Admin admin) {
    var named = TopicArgument.parse(TopicArgument.name(name.orElseThrow()));
    var placements = new TreeMap<TopicPartition, List<Integer>>();
    if (named.partition().isPresent()) {
      placements.put(new TopicPartition(named.topic(), named.partition().getAsInt()), nodes);
      return placements;
    }
    int count = invocation.await(admin.describeTopic(named.topic())).partitionCount();
    for (int partition = 0; partition < count; partition++) {
      placements.put(new TopicPartition(named.topic(), partition), turned(partition));
    }
    return placements;
  }

  /** So that the preferred leaders of a topic are spread over the nodes. */
  private List<Integer> turned(int by) {
    var turned = new ArrayList<Integer>();
    for (int i = 0; i < nodes.size(); i++) {
      turned.add(nodes.get((by + i) % nodes.size()));
    }
    return turned;
  }
}
