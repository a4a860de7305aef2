package dev.naru.cli.command;

import dev.naru.cli.Group;
import picocli.CommandLine.Command;

/** {@code naru node}. */
@Command(name = "node", description = "One node of a cluster, on this machine.")
public final class NodeCommand implements Group {}
