package dev.naru.cli.command;

import dev.naru.cli.Group;
import picocli.CommandLine.Command;

/** {@code naru topics}. */
@Command(name = "topics", description = "Topics.")
public final class TopicsCommand implements Group {}
