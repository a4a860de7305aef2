package dev.naru.cli.command;

import dev.naru.cli.Group;
import picocli.CommandLine.Command;

/** {@code naru partitions}. */
@Command(name = "partitions", description = "Partitions.")
public final class PartitionsCommand implements Group {}
