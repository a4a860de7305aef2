package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.ConfigText;
import dev.naru.cli.output.Listing;
import dev.naru.client.admin.UpgradeReadiness;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code naru cluster upgrade check}. */
@Command(
    name = "check",
    description = "Which nodes know newer rules than are in force, and what is missing.",
    footer = {
      "",
      "Ends with status 4 while a node does not know what another one does.",
      "",
      "Example: naru cluster upgrade check"
    })
public final class ClusterUpgradeCheckCommand implements Callable<Integer> {

  private final Invocation invocation;

  /** Belongs to this call. */
  public ClusterUpgradeCheckCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    try (var naru = invocation.open()) {
      var told = invocation.await(naru.admin().configs().checkUpgrade());
      invocation.notes().note(verdict(told));
      invocation.print(
          Listing.single(told, ConfigText::json, each -> "cluster", ConfigText::table));
      return isHeldBack(told) ? ExitStatus.PRECONDITION : ExitStatus.DONE;
    }
  }

  private static boolean isHeldBack(UpgradeReadiness told) {
    return told.newest() > told.metadataVersion() && !told.isReady();
  }

  private static String verdict(UpgradeReadiness told) {
    if (told.isReady()) {
      return "all nodes know metadata version %d, after %d: naru cluster upgrade finalize puts it into force for good"
          .formatted(told.newest(), told.metadataVersion());
    }
    return isHeldBack(told)
        ? "metadata version %d is in force; not all nodes know %d yet"
            .formatted(told.metadataVersion(), told.newest())
        : "metadata version %d is in force, and no node knows a newer one"
            .formatted(told.metadataVersion());
  }
}
