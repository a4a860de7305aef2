package dev.naru.cli.command;

import dev.naru.cli.Group;
import picocli.CommandLine.Command;

/** {@code naru groups}. */
@Command(name = "groups", description = "Groups of consumers.")
public final class GroupsCommand implements Group {}
