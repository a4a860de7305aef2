package dev.naru.cli.command;

import dev.naru.cli.Group;
import picocli.CommandLine.Command;

/** {@code naru rebalance}. */
@Command(
    name = "rebalance",
    description = {
      "Plans what evens out the cluster, and carries plans out.",
      "A node that joins gets nothing by itself: only a plan moves what there is."
    })
public final class RebalanceCommand implements Group {}
