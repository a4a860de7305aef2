package dev.naru.cli.command;

import dev.naru.cli.GlobalFlags;
import dev.naru.cli.Group;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code naru}. */
@Command(
    name = "naru",
    description = "An event log whose nodes need no external coordinator.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "First: naru dev starts a cluster on this machine."})
public final class NaruCommand implements Group {

  @SuppressWarnings("UnusedVariable") // picocli fills it for all commands
  @Mixin
  private final GlobalFlags flags;

  /** Fills these flags. */
  public NaruCommand(GlobalFlags flags) {
    this.flags = flags;
  }
}
