package dev.naru.cli.command;

import dev.naru.cli.Group;
import picocli.CommandLine.Command;

/** {@code naru ops}. */
@Command(name = "ops", description = "Operations: what takes longer than a call.")
public final class OpsCommand implements Group {}
