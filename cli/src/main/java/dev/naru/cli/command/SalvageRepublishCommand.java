package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.Confirmation;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.salvage.LiveLog;
import dev.naru.cli.salvage.RecordOutlet;
import dev.naru.cli.salvage.RepublishPlan;
import dev.naru.cli.salvage.RepublishReport;
import dev.naru.cli.salvage.Republishing;
import dev.naru.cli.salvage.Republishing.Count;
import dev.naru.cli.salvage.Rewriting;
import dev.naru.cli.salvage.SalvageIds;
import dev.naru.cli.salvage.SalvagePages;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.Acks;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru salvage republish}. Fails if it had to leave something out for damage. */
@Command(
    name = "republish",
    description = {
      "Writes records again that were cut off the end of a log, at its end, with their keys, headers"
          + " and times.",
      "Takes nothing that was set aside for another reason: those records the log has again, or they"
          + " were deleted on purpose. Leaves out what the log still holds at the same offset and"
          + " epoch, and batches whose checksum does not fit.",
      "A producer that did not get its acknowledgement may have sent the same records again by"
          + " itself, and the same tail may have been cut off at several nodes: then this makes"
          + " duplicates. naru salvage show ID --records prints what would be written.",
      "Nothing is written down of it on any node: what is republished twice is there twice."
    },
    footer = {
      "",
      "Examples:",
      "  naru salvage republish 1/0a1b2c3d-7 --dry-run",
      "  naru salvage republish 1/0a1b2c3d-7",
      "  naru salvage republish 1/0a1b2c3d-7 --to orders-to-check/0 --yes -o jsonl"
    })
public final class SalvageRepublishCommand implements Callable<Integer> {

  private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

  @Parameters(paramLabel = "ID", description = "As naru salvage list prints it.")
  private String id = "";

  @Option(
      names = "--to",
      paramLabel = "TOPIC[/P]",
      description = "Where to write them (the partition they were in).")
  private Optional<TopicArgument> to = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "N",
      description = "Only from this offset on, where they were: to go on after a failure (all).")
  private long from;

  @Option(names = "--dry-run", description = "Only print what would be written.")
  private boolean isDryRun;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean isConfirmed;

  private final Invocation invocation;

  /** Belongs to this call. */
  public SalvageRepublishCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var wanted = SalvageIds.parse(id);
    if (from < 0) {
      throw CommandFailure.usage("Expected --from of at least 0, but was " + from);
    }
    var report = RepublishReport.of(invocation.output(), invocation.stdout());
    if (!isDryRun && !isConfirmed) {
      Confirmation.requireTerminal();
    }
    try (var naru = invocation.open()) {
      var plan = RepublishPlan.of(invocation, naru.admin(), wanted, to);
      plan.warnings().forEach(invocation.notes()::note);
      if (isDryRun) {
        return done(report, plan, pass(naru, plan, RecordOutlet.counting(), true));
      }
      if (!isConfirmed && !isAgreed(plan, pass(naru, plan, RecordOutlet.counting(), false))) {
        invocation.notes().say("nothing was written");
        return ExitStatus.FAILED;
      }
      return write(naru, plan, report);
    }
  }

  private boolean isAgreed(RepublishPlan plan, Count count) {
    invocation.notes().say(RepublishReport.sentence(count, true));
    var question =
        "Write %,d records of %s to %s?".formatted(count.taken(), plan.entry().id(), plan.target());
    return Confirmation.isGiven(question, invocation.notes());
  }

  private int write(NaruClient naru, RepublishPlan plan, RepublishReport report) {
    try (var producer = naru.producer(Codec.bytes(), Codec.bytes()).acks(Acks.ALL).build()) {
      var rewriting = new Rewriting(producer, plan.target(), run -> report.run(plan.target(), run));
      var count = pass(naru, plan, rewriting, true);
      int status = done(report, plan, count);
      rewriting.failure().ifPresent(this::fail);
      return status;
    }
  }

  private void fail(Rewriting.Failure failure) {
    String where =
        "The record that was at offset %d was not acknowledged, and none after it was sent; with"
                .formatted(failure.offset())
            + " --from %d this goes on there: ".formatted(failure.offset());
    if (failure.cause() instanceof NaruException told) {
      throw CommandFailure.of(told.code(), where + told.getMessage());
    }
    throw new IllegalStateException(where, failure.cause());
  }

  private int done(RepublishReport report, RepublishPlan plan, Count count) {
    report.end(plan.entry(), plan.target(), count, isDryRun);
    invocation.notes().note(RepublishReport.sentence(count, isDryRun));
    return count.damagedBatches() + count.strayBytes() == 0 ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  private Count pass(NaruClient naru, RepublishPlan plan, RecordOutlet outlet, boolean isTelling) {
    var pages = SalvagePages.of(invocation, naru.admin().salvage(), plan.entry());
    Function<Optional<LiveLog>, Count> run =
        live ->
            new Republishing(
                    plan.entry().reason(), live, from, outlet, invocation.notes(), isTelling)
                .run(pages);
    if (plan.origin().isEmpty()) {
      return run.apply(Optional.empty());
    }
    try (var consumer =
        naru.consumer(Codec.bytes(), Codec.bytes()).autoOffsetReset(OffsetReset.NONE).build()) {
      var silenceMax = invocation.flags().timeout().orElse(SILENCE_MAX);
      return run.apply(
          Optional.of(new LiveLog(consumer, plan.origin().get(), silenceMax, System::nanoTime)));
    }
  }
}
