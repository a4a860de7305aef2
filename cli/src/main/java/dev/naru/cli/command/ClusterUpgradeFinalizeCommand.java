package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.ConfigText;
import dev.naru.cli.output.Listing;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru cluster upgrade finalize}. */
@Command(
    name = "finalize",
    description =
        "Puts the newest rules into force that all nodes know; from then on an older release cannot"
            + " take part.",
    footer = {"", "Example: naru cluster upgrade finalize --dry-run"})
public final class ClusterUpgradeFinalizeCommand implements Callable<Integer> {

  @Option(names = "--dry-run", description = "Only check.")
  private boolean isDryRun;

  private final Invocation invocation;

  /** Belongs to this call. */
  public ClusterUpgradeFinalizeCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    try (var naru = invocation.open()) {
      var configs = naru.admin().configs();
      var before = invocation.await(configs.checkUpgrade()).metadataVersion();
      var after =
          invocation.await(
              isDryRun ? configs.validateFinalizeUpgrade() : configs.finalizeUpgrade());
      invocation
          .notes()
          .note(
              after.metadataVersion() == before
                  ? "nothing to finalize: metadata version %d is in force, and no node knows a newer one"
                      .formatted(before)
                  : "metadata version %d %s in force, after %d"
                      .formatted(after.metadataVersion(), isDryRun ? "would be" : "is", before));
      invocation.print(
          Listing.single(after, ConfigText::json, each -> "cluster", ConfigText::table));
      return ExitStatus.DONE;
    }
  }
}
