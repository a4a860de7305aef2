package dev.naru.cli.command;

import dev.naru.cli.Group;
import picocli.CommandLine.Command;

/** {@code naru salvage}. */
@Command(
    name = "salvage",
    description = "What nodes have set aside: tails that were cut off, damaged segments, old logs.")
public final class SalvageCommand implements Group {}
