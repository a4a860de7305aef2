package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.Listing;
import dev.naru.cli.perf.ReadReport;
import dev.naru.cli.perf.ReadRun;
import dev.naru.client.Codec;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru perf consume}. */
@Command(
    name = "consume",
    description = "Reads a topic from its beginning and prints how many records a second.")
public final class PerfConsumeCommand implements Callable<Integer> {

  @Option(names = "--topic", paramLabel = "T", required = true, description = "What is read.")
  private String topic = "";

  @Option(names = "--records", paramLabel = "N", description = "At most so many (to the end).")
  private Optional<Long> records = Optional.empty();

  @Option(
      names = "--follow",
      description = "Wait at the end for more, until there are as many as --records.")
  private boolean isFollowing;

  private final Invocation invocation;

  /** Belongs to this call. */
  public PerfConsumeCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    if (records.isPresent() && records.get() < 1) {
      throw CommandFailure.usage("Expected --records to be 1 or more, but was " + records.get());
    }
    if (isFollowing && records.isEmpty()) {
      throw CommandFailure.usage("Expected --records with --follow");
    }
    try (var naru = invocation.open(Map.of());
        var consumer = naru.consumer(Codec.bytes(), Codec.bytes()).build()) {
      invocation.requireReachable(naru);
      var partitions = consumer.partitionsOf(topic);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions.toArray(TopicPartition[]::new));
      if (!isFollowing) {
        consumer.readUntil(Position.end());
      }
      long most = records.orElse(Long.MAX_VALUE);
      var report = new ReadRun(consumer, topic, most, invocation.notes(), System::nanoTime).run();
      invocation.print(
          Listing.single(report, ReadReport::json, ReadReport::topic, ReadReport::text));
      return ExitStatus.DONE;
    }
  }
}
