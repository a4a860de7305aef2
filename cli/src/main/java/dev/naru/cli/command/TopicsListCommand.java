package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.ApiJson;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.Table;
import dev.naru.client.admin.TopicDescription;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru topics list}. */
@Command(name = "list", description = "All topics.")
public final class TopicsListCommand implements Callable<Integer> {

  @Option(names = "--internal", description = "Those that Naru keeps for itself too.")
  private boolean isWithInternal;

  private final Invocation invocation;

  /** Belongs to this call. */
  public TopicsListCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    try (var naru = invocation.open()) {
      var admin = naru.admin();
      var topics = invocation.await(isWithInternal ? admin.listAllTopics() : admin.listTopics());
      invocation.print(
          Listing.list(
              "topics",
              topics,
              ApiJson::topic,
              ApiJson::topicName,
              TopicsListCommand::table,
              TopicsListCommand::wide));
      return ExitStatus.DONE;
    }
  }

  private static List<String> table(List<TopicDescription> topics) {
    var table = new Table("TOPIC", "PARTITIONS", "REPLICAS", "HEALTH");
    topics.forEach(topic ->
        table.row(
            topic.name(),
            topic.partitionCount(),
            topic.replicationFactor(),
            TopicHealth.of(topic)));
    return table.lines();
  }

  private static List<String> wide(List<TopicDescription> topics) {
    var table = new Table("TOPIC", "PARTITIONS", "REPLICAS", "HEALTH", "ID", "CREATED", "CONFIGS");
    topics.forEach(topic ->
        table.row(
            topic.name(),
            topic.partitionCount(),
            topic.replicationFactor(),
            TopicHealth.of(topic),
            topic.id().map(UUID::toString).orElse("-"),
            topic.created(),
            Table.list(topic.configs().entrySet())));
    return table.lines();
  }
}
