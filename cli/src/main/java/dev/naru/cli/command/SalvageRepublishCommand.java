package dev.naru.cli.command;

import dev.naru.cli.Confirmation;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Interruption;
import dev.naru.cli.Invocation;
import dev.naru.cli.salvage.LiveLog;
import dev.naru.cli.salvage.RecordOutlet;
import dev.naru.cli.salvage.Republication;
import dev.naru.cli.salvage.RepublishCount;
import dev.naru.cli.salvage.RepublishPlan;
import dev.naru.cli.salvage.RepublishReport;
import dev.naru.cli.salvage.Republishing;
import dev.naru.cli.salvage.Rewriters;
import dev.naru.cli.salvage.Rewriting;
import dev.naru.cli.salvage.SalvageIds;
import dev.naru.cli.salvage.SalvagePages;
import dev.naru.cli.salvage.StartingPoint;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.OffsetReset;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru salvage republish}. Fails if it had to leave out what somebody may miss. */
@Command(
    name = "republish",
    description = {
      "Writes records again that were cut off the end of a log, at its end, with their keys, headers"
          + " and times.",
      "Takes nothing that was set aside for another reason: those records the log has again, or they"
          + " were deleted on purpose. Leaves out what the log still holds at the same offset and"
          + " epoch, what its leader may still commit, batches whose checksum does not fit, and those"
          + " of transactions. Damage that is only the end of a torn tail is no failure.",
      "However it ends, it says what was written, what is in doubt, and which --from goes on. With -o"
          + " json each line is an object of its own; the last one is of kind summary, and there is"
          + " none if the process was killed.",
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
      "  naru salvage republish 1/0a1b2c3d-7 --from 00000000000000000040.log:0:47",
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
      paramLabel = "PLACE",
      description =
          "Where to go on: the FILE:POSITION:OFFSET that a failure printed; or only records that"
              + " were at this offset or above (all).")
  private Optional<String> from = Optional.empty();

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
    var start = from.map(StartingPoint::parse).orElseGet(StartingPoint::beginning);
    var report = RepublishReport.of(invocation.output(), invocation.stdout());
    if (!isDryRun && !isConfirmed) {
      Confirmation.requireTerminal();
    }
    try (var naru = invocation.open()) {
      var plan = RepublishPlan.of(invocation, naru.admin(), wanted, to);
      plan.warnings().forEach(each -> invocation.notes().warn(each.code(), each.text()));
      if (isDryRun) {
        var count = look(naru, plan, start, true);
        report.wouldBe(plan.entry(), plan.target(), count);
        tell(count);
        return count.isAll() ? ExitStatus.DONE : ExitStatus.FAILED;
      }
      if (!isConfirmed && !isAgreed(plan, look(naru, plan, start, false))) {
        invocation.notes().say("nothing was written");
        return ExitStatus.FAILED;
      }
      return write(naru, plan, start, report);
    }
  }

  private void tell(RepublishCount count) {
    invocation.notes().note(count.sentence(true));
    count.warnings().forEach((code, text) -> invocation.notes().warn(code.name(), text));
  }

  private boolean isAgreed(RepublishPlan plan, RepublishCount count) {
    invocation.notes().say(count.sentence(true));
    count.warnings().forEach((code, text) -> invocation.notes().warn(code.name(), text));
    var question =
        "Write %,d records of %s to %s?".formatted(count.taken(), plan.entry().id(), plan.target());
    return Confirmation.isGiven(question, invocation.notes());
  }

  private RepublishCount look(
      NaruClient naru, RepublishPlan plan, StartingPoint start, boolean isTelling) {
    var outlet = RecordOutlet.counting();
    return withLive(
        naru,
        plan,
        live -> {
          var pass = pass(plan, live, start, outlet, isTelling);
          return pass.run(pages(naru, plan));
        });
  }

  private int write(
      NaruClient naru, RepublishPlan plan, StartingPoint start, RepublishReport report) {
    try (var producers = new Rewriters(naru, invocation.callLimit())) {
      var target = plan.target();
      var rewriting =
          new Rewriting(producers::with, target, run -> report.run(target, run), System::nanoTime);
      return withLive(
          naru,
          plan,
          live -> {
            var republication =
                new Republication(
                    plan.entry(),
                    target,
                    pass(plan, live, start, rewriting, true),
                    rewriting,
                    report,
                    invocation.notes());
            return Interruption.during(
                () -> republication.run(pages(naru, plan)), republication::stop);
          });
    }
  }

  private Republishing pass(
      RepublishPlan plan,
      Optional<LiveLog> live,
      StartingPoint start,
      RecordOutlet outlet,
      boolean isTelling) {
    return new Republishing(
        plan.entry().reason(), live, start, outlet, invocation.notes(), isTelling);
  }

  private SalvagePages pages(NaruClient naru, RepublishPlan plan) {
    return SalvagePages.of(invocation, naru.admin().salvage(), plan.entry());
  }

  private <T> T withLive(NaruClient naru, RepublishPlan plan, Function<Optional<LiveLog>, T> pass) {
    if (plan.origin().isEmpty()) {
      return pass.apply(Optional.empty());
    }
    var origin = plan.origin().get();
    try (var consumer =
        naru.consumer(Codec.bytes(), Codec.bytes()).autoOffsetReset(OffsetReset.NONE).build()) {
      var silenceMax = invocation.flags().timeout().orElse(SILENCE_MAX);
      return pass.apply(
          Optional.of(
              new LiveLog(
                  consumer,
                  origin.partition(),
                  origin.leaderEpoch(),
                  silenceMax,
                  System::nanoTime)));
    }
  }
}
