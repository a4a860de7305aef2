package dev.naru.cli.command;

import dev.naru.cli.Group;
import picocli.CommandLine.Command;

/** {@code naru config}. */
@Command(name = "config", description = "Settings of the cluster, of nodes and of topics.")
public final class ConfigCommand implements Group {}
