package dev.naru.cli.command;

import dev.naru.cli.Invocation;
import dev.naru.cli.text.RebalanceFile;
import dev.naru.cli.text.Size;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru rebalance apply}. */
@Command(
    name = "apply",
    description = {
      "Carries out a plan that naru rebalance plan has printed, as one operation.",
      "Refused if a partition is no longer as it was when the plan was made: then nothing has"
          + " changed. naru ops shows how far it is, and cancels it."
    },
    footer = {
      "",
      "Examples:",
      "  naru rebalance apply --plan plan.yaml --dry-run",
      "  naru rebalance apply --plan plan.yaml --throttle 20MiB --wait"
    })
public final class RebalanceApplyCommand implements Callable<Integer> {

  @Option(
      names = "--plan",
      required = true,
      paramLabel = "FILE",
      description = "What naru rebalance plan has printed.")
  private Path plan = Path.of("");

  @Option(
      names = "--throttle",
      paramLabel = "RATE",
      description = "Bytes a second that each leader sends at most to replicas that are new.")
  private Optional<Size> throttle = Optional.empty();

  @Option(names = "--dry-run", description = "Only check, and print what would move.")
  private boolean isDryRun;

  @Option(
      names = "--wait",
      description = "Wait until all has moved, and those lead that are to; else it fails.")
  private boolean isAwaited;

  private final Invocation invocation;

  /** Belongs to this call. */
  public RebalanceApplyCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var read = RebalanceFile.read(plan);
    var rate = throttle.map(size -> OptionalLong.of(size.bytes())).orElse(OptionalLong.empty());
    try (var naru = invocation.open()) {
      return new PlanApplication(naru.admin(), invocation).apply(read, rate, isDryRun, isAwaited);
    }
  }
}
