package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.Confirmation;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.json.Json;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.Table;
import dev.naru.cli.records.ReadTo;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.Admin;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.client.admin.PartitionStart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru topics truncate}. Stops at the first partition that refuses. */
@Command(name = "truncate", description = "Deletes the oldest records of a topic.")
public final class TopicsTruncateCommand implements Callable<Integer> {

  @Parameters(paramLabel = "NAME", description = "The topic.")
  private String name = "";

  @Option(
      names = "--before",
      required = true,
      paramLabel = "POSITION",
      description = "What is kept begins at offset:N, time:T or end.")
  private String before = "";

  @Option(
      names = "--partition",
      paramLabel = "N",
      description = "Only this partition; repeatable (all).")
  private List<Integer> partitions = new ArrayList<>();

  @Option(names = "--dry-run", description = "Only check, and print what the new starts would be.")
  private boolean isDryRun;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean isConfirmed;

  private final Invocation invocation;

  /** Belongs to this call. */
  public TopicsTruncateCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var topic = TopicArgument.name(name);
    partitions.forEach(TopicsTruncateCommand::refuseNegative);
    var position = ReadTo.parse("--before", before, Instant.now());
    if (!mayDelete(topic)) {
      invocation.notes().say("nothing was deleted");
      return ExitStatus.FAILED;
    }
    var done = new ArrayList<PartitionStart>();
    try (var naru = invocation.open()) {
      for (int partition : partitionsOf(naru.admin(), topic)) {
        done.add(truncate(naru.admin(), new TopicPartition(topic, partition), position));
      }
    } finally {
      print(done);
    }
    return ExitStatus.DONE;
  }

  private static void refuseNegative(int partition) {
    if (partition < 0) {
      throw CommandFailure.usage("Expected --partition >= 0, but was " + partition);
    }
  }

  private boolean mayDelete(String topic) {
    var where = partitions.isEmpty() ? topic : topic + ", partitions " + partitions;
    var question = "Delete the records of " + where + " before " + before + "?";
    return isDryRun || isConfirmed || Confirmation.isGiven(question, invocation.notes());
  }

  private List<Integer> partitionsOf(Admin admin, String topic) {
    return partitions.isEmpty()
        ? invocation.await(admin.describeTopic(topic)).partitions().stream()
            .map(PartitionDescription::partition)
            .toList()
        : partitions;
  }

  private PartitionStart truncate(Admin admin, TopicPartition partition, Position position) {
    return invocation.await(
        isDryRun
            ? admin.validateTruncate(partition, position)
            : admin.truncate(partition, position));
  }

  private void print(List<PartitionStart> starts) {
    invocation.print(
        Listing.list(
            "partitions",
            starts,
            start ->
                Json.object()
                    .with("name", resource(start))
                    .with("oldLogStart", Long.toString(start.oldStart()))
                    .with("logStart", Long.toString(start.start()))
                    .build(),
            TopicsTruncateCommand::resource,
            TopicsTruncateCommand::table,
            TopicsTruncateCommand::table));
  }

  private static String resource(PartitionStart start) {
    return "topics/%s/partitions/%d"
        .formatted(start.partition().topic(), start.partition().partition());
  }

  private static List<String> table(List<PartitionStart> starts) {
    var table = new Table("PARTITION", "OLD START", "NEW START");
    starts.forEach(start -> table.row(start.partition(), start.oldStart(), start.start()));
    return table.lines();
  }
}
