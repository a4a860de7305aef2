package dev.naru.cli.command;

import dev.naru.cli.Group;
import picocli.CommandLine.Command;

/** {@code naru perf}. */
@Command(name = "perf", description = "How fast it is.")
public final class PerfCommand implements Group {}
