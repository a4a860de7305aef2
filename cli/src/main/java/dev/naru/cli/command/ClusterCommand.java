package dev.naru.cli.command;

import dev.naru.cli.Group;
import picocli.CommandLine.Command;

/** {@code naru cluster}. */
@Command(name = "cluster", description = "The cluster as a whole.")
public final class ClusterCommand implements Group {}
