package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Interruption;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.Listing;
import dev.naru.cli.perf.Load;
import dev.naru.cli.perf.LoadReport;
import dev.naru.cli.perf.LoadRun;
import dev.naru.cli.text.Size;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru perf produce}. */
@Command(
    name = "produce",
    description = "Sends records and prints how many a second, and how long each took.")
public final class PerfProduceCommand implements Callable<Integer> {

  private static final long RECORDS_DEFAULT = 1_000_000;
  private static final Duration FINISH_MAX = Duration.ofSeconds(5);

  @Option(names = "--topic", paramLabel = "T", required = true, description = "Where they go.")
  private String topic = "";

  @Option(names = "--records", paramLabel = "N", description = "How many in all (1000000).")
  private Optional<Long> records = Optional.empty();

  @Option(names = "--duration", paramLabel = "D", description = "For how long, instead.")
  private Optional<Duration> duration = Optional.empty();

  @Option(
      names = "--warmup",
      paramLabel = "D",
      description = "Send for so long first, without counting (0s).")
  private Duration warmup = Duration.ZERO;

  @Option(names = "--record-size", paramLabel = "B", description = "Bytes of each value (100).")
  private Size recordSize = new Size(100);

  @Option(
      names = "--values",
      paramLabel = "FILE",
      description = "Send its lines in turn, instead of values of one size.")
  private Optional<Path> values = Optional.empty();

  @Option(names = "--keys", paramLabel = "K", description = "So many different keys (none).")
  private int keys;

  @Option(
      names = "--producers",
      paramLabel = "N",
      description = "Each with connections and a thread of its own (1).")
  private int producers = 1;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "Records a second; their time counts from when they are due.")
  private double rate;

  private final Invocation invocation;

  /** Belongs to this call. */
  public PerfProduceCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var run = new LoadRun(load(), () -> invocation.open(Map.of()), invocation.notes());
    requireTopic();
    var printed = new CountDownLatch(1);
    var report = Interruption.during(() -> report(run, printed), () -> stop(run, printed));
    report
        .firstFailure()
        .ifPresent(cause -> {
          throw new CompletionException(cause);
        });
    return ExitStatus.DONE;
  }

  private LoadReport report(LoadRun run, CountDownLatch printed) {
    try {
      var report = run.run();
      invocation.print(
          Listing.single(report, LoadReport::json, LoadReport::topic, LoadReport::text));
      invocation.stdout().flush();
      return report;
    } finally {
      printed.countDown();
    }
  }

  /** A load that was interrupted is measured all the same. */
  private void stop(LoadRun run, CountDownLatch printed) {
    run.stop();
    try {
      if (!printed.await(FINISH_MAX.toSeconds(), TimeUnit.SECONDS)) {
        invocation.notes().note("the records on their way are not acknowledged yet: no report");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Load load() {
    return new Load(
        topic,
        warmup,
        duration.isPresent() && records.isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(records.orElse(RECORDS_DEFAULT)),
        duration,
        (int) Math.min(recordSize.bytes(), Integer.MAX_VALUE),
        values,
        keys,
        producers,
        rate);
  }

  private void requireTopic() {
    try (var naru = invocation.open()) {
      invocation.await(naru.admin().describeTopic(topic));
    }
  }
}
