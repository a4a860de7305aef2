package dev.naru.cli.command;

import dev.naru.cli.Group;
import picocli.CommandLine.Command;

/** {@code naru debug}. */
@Command(name = "debug", description = "What lies in the files of a node.")
public final class DebugCommand implements Group {}
