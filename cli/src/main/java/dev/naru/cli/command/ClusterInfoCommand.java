package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.ApiJson;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.Table;
import dev.naru.client.admin.ClusterDescription;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code naru cluster info}. */
@Command(name = "info", description = "Ids, versions, the controller and counts.")
public final class ClusterInfoCommand implements Callable<Integer> {

  private final Invocation invocation;

  /** Belongs to this call. */
  public ClusterInfoCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    try (var naru = invocation.open()) {
      var cluster = invocation.await(naru.admin().describeCluster());
      invocation.print(
          Listing.single(
              cluster, ApiJson::cluster, ClusterDescription::clusterId, ClusterInfoCommand::text));
      return ExitStatus.DONE;
    }
  }

  private static List<String> text(ClusterDescription cluster) {
    String controller =
        cluster.controller().isPresent()
            ? String.valueOf(cluster.controller().getAsInt())
            : "none known";
    return new Table("CLUSTER", cluster.clusterId())
        .row("version", cluster.version())
        .row("metadata version", cluster.metadataVersion())
        .row("controller", controller)
        .row("voters", numbers(cluster.voters()))
        .row("listeners", numbers(cluster.listeners()))
        .row("nodes", cluster.liveNodeCount() + " live of " + cluster.nodeCount())
        .row("topics", cluster.topicCount())
        .row(
            "partitions",
            "%d, %d offline, %d under-replicated"
                .formatted(
                    cluster.partitionCount(),
                    cluster.offlinePartitionCount(),
                    cluster.underReplicatedPartitionCount()))
        .row(
            "metadata index",
            "%d, current %d ms ago"
                .formatted(cluster.metadataIndex(), cluster.imageAge().toMillis()))
        .lines();
  }

  private static String numbers(List<Integer> ids) {
    return ids.isEmpty() ? "none" : Table.list(ids);
  }
}
