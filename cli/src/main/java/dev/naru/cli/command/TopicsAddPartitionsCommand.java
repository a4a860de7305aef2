package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.ApiJson;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.Table;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.admin.Admin;
import dev.naru.client.admin.TopicDescription;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru topics add-partitions}. */
@Command(name = "add-partitions", description = "Gives a topic more partitions.")
public final class TopicsAddPartitionsCommand implements Callable<Integer> {

  @Parameters(paramLabel = "NAME", description = "The topic.")
  private String name = "";

  @Option(
      names = "--total",
      required = true,
      paramLabel = "N",
      description = "How many it is to have in all.")
  private int total;

  @Option(names = "--dry-run", description = "Only check, and print what would be added.")
  private boolean isDryRun;

  private final Invocation invocation;

  /** Belongs to this call. */
  public TopicsAddPartitionsCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var topic = TopicArgument.name(name);
    if (total < 1) {
      throw CommandFailure.usage("Expected --total >= 1, but was " + total);
    }
    try (var naru = invocation.open()) {
      var admin = naru.admin();
      int before = invocation.await(admin.describeTopic(topic)).partitionCount();
      report(before, invocation.await(added(admin, topic)));
      return ExitStatus.DONE;
    }
  }

  private CompletableFuture<TopicDescription> added(Admin admin, String topic) {
    return isDryRun ? admin.validateAddPartitions(topic, total) : admin.addPartitions(topic, total);
  }

  private void report(int before, TopicDescription topic) {
    topic.warnings().forEach(warning -> invocation.notes().warn(warning.code(), warning.message()));
    if (topic.partitionCount() > before) {
      invocation.notes().warn("KEYS_REMAPPED", "keys may map to other partitions from now on");
    }
    invocation
        .notes()
        .note(
            "topics/%s %s %d partitions, after %d"
                .formatted(
                    topic.name(), isDryRun ? "would have" : "has", topic.partitionCount(), before));
    invocation.print(
        Listing.single(topic, ApiJson::topic, ApiJson::topicName, made -> table(before, made)));
  }

  /** Programs get the topic; people see what is new. */
  private static List<String> table(int before, TopicDescription topic) {
    var table = new Table("PARTITION", "LEADER", "REPLICAS");
    topic.partitions().stream()
        .skip(before)
        .forEach(partition -> {
          var leader = partition.leader();
          table.row(
              partition.partition(),
              leader.isPresent() ? leader.getAsInt() : "none",
              Table.list(partition.replicas()));
        });
    return topic.partitionCount() > before ? table.lines() : List.of();
  }
}
