package dev.naru.cli.command;

import dev.naru.cli.Group;
import picocli.CommandLine.Command;

/** {@code naru nodes}. */
@Command(name = "nodes", description = "The nodes of the cluster.")
public final class NodesCommand implements Group {}
