package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.Listing;
import dev.naru.cli.perf.RoundTripReport;
import dev.naru.cli.perf.RoundTrips;
import dev.naru.cli.text.Size;
import dev.naru.client.Codec;
import dev.naru.client.TopicPartition;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru perf e2e}. */
@Command(
    name = "e2e",
    description = "Sends one record at a time and prints how long each took to be read.")
public final class PerfEndToEndCommand implements Callable<Integer> {

  private static final int RECORD_BYTES_MAX = 32 << 20;

  @Option(
      names = "--topic",
      paramLabel = "T",
      required = true,
      description = "Where they go; nobody else may write to it meanwhile.")
  private String topic = "";

  @Option(names = "--records", paramLabel = "N", description = "How many (10000).")
  private long records = 10_000;

  @Option(
      names = "--warmup-records",
      paramLabel = "N",
      description = "Send so many first, without counting (0).")
  private long uncounted;

  @Option(names = "--record-size", paramLabel = "B", description = "Bytes of each value (100).")
  private Size recordSize = new Size(100);

  private final Invocation invocation;

  /** Belongs to this call. */
  public PerfEndToEndCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    requireSense();
    try (var naru = invocation.open(Map.of());
        var consumer = naru.consumer(Codec.bytes(), Codec.bytes()).build();
        var producer = naru.producer(Codec.bytes(), Codec.bytes()).build()) {
      var partitions = consumer.partitionsOf(topic);
      consumer.assign(partitions);
      consumer.seekToEnd(partitions.toArray(TopicPartition[]::new));
      partitions.forEach(consumer::position); // settled before the first record is sent
      var report =
          new RoundTrips(topic, producer, consumer, invocation.notes(), System::nanoTime)
              .run(uncounted, records, (int) recordSize.bytes());
      invocation.print(
          Listing.single(
              report, RoundTripReport::json, RoundTripReport::topic, RoundTripReport::text));
      return ExitStatus.DONE;
    }
  }

  private void requireSense() {
    if (records < 1 || uncounted < 0) {
      throw CommandFailure.usage(
          "Expected at least one record, but was --records %d --warmup-records %d"
              .formatted(records, uncounted));
    }
    if (recordSize.bytes() > RECORD_BYTES_MAX) {
      throw CommandFailure.usage(
          "Expected --record-size to be 0 to %d, but was %d"
              .formatted(RECORD_BYTES_MAX, recordSize.bytes()));
    }
  }
}
