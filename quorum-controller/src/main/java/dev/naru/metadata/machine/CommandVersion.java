package dev.naru.metadata.machine;

import dev.naru.metadata.command.AddPartitions;
import dev.naru.metadata.command.AlterConfigs;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.AlterPartitions;
import dev.naru.metadata.command.AlterTopicConfigs;
import dev.naru.metadata.command.BeginShutdown;
import dev.naru.metadata.command.CancelOperation;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.CreateTopics;
import dev.naru.metadata.command.DeclareLosses;
import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.DeleteTopic;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.ElectLeaders;
import dev.naru.metadata.command.FenceNode;
import dev.naru.metadata.command.FinalizeMetadataVersion;
import dev.naru.metadata.command.GiveUpReplicas;
import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.command.SuspectNode;
import dev.naru.metadata.command.UndrainNode;
import dev.naru.metadata.command.UnfenceNode;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Optional;

/**
 * With which metadata version each command came. A node of an older release cannot read a command
 * that came later, and ends where it meets one in the log; so whoever appends, or says what would
 * come of it, asks here first. Whoever decides does not: what stands in the log leads to the same
 * image on every node, whichever build put it there.
 */
public final class CommandVersion {

  /** Drains, moves of partitions, and nodes that are taken out. */
  private static final int OPERATIONS = 2;

  private CommandVersion() {}

  /** Empty if all nodes that may take part under these rules know the command. */
  public static Optional<Refused> whyNot(ClusterImage image, MetadataCommand command) {
    int since = since(command);
    return image.isInitialized() && image.metadataVersion() < since
        ? Optional.of(
            new Refused(
                ErrorCode.METADATA_VERSION_TOO_LOW,
                "Expected metadata version %s, with which %s came, but %s is in force: upgrade all nodes, then 'naru cluster upgrade finalize'"
                    .formatted(since, command.getClass().getSimpleName(), image.metadataVersion())))
        : Optional.empty();
  }

  /** The first metadata version under which it may stand in the log. */
  public static int since(MetadataCommand command) {
    return switch (command) {
      case AddPartitions _,
          AlterConfigs _,
          AlterPartition _,
          AlterPartitions _,
          AlterTopicConfigs _,
          BeginShutdown _,
          CreateTopic _,
          CreateTopics _,
          DeclareLosses _,
          DeleteTopic _,
          ElectLeaders _,
          FenceNode _,
          FinalizeMetadataVersion _,
          GiveUpReplicas _,
          InitializeCluster _,
          RecoverPartitions _,
          RegisterNode _,
          ReportLogs _,
          SuspectNode _,
          UnfenceNode _ ->
          1;
      case CancelOperation _,
          DecommissionNode _,
          DrainNode _,
          ReassignPartitions _,
          UndrainNode _ ->
          OPERATIONS;
    };
  }
}
