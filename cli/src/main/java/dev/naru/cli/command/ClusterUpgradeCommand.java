package dev.naru.cli.command;

import dev.naru.cli.Group;
import picocli.CommandLine.Command;

/** {@code naru cluster upgrade}. */
@Command(name = "upgrade", description = "The way from one release to the next.")
public final class ClusterUpgradeCommand implements Group {}
