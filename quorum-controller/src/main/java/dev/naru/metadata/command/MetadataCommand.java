package dev.naru.metadata.command;

/**
 * What can be asked of the metadata log. Deciding one needs nothing but the image, its index and
 * itself.
 */
public sealed interface MetadataCommand
    permits AddPartitions,
        AlterConfigs,
        AlterPartition,
        AlterPartitions,
        AlterTopicConfigs,
        BeginShutdown,
        CancelOperation,
        CreateTopic,
        CreateTopics,
        DeclareLosses,
        DecommissionNode,
        DeleteTopic,
        DrainNode,
        ElectLeaders,
        FenceNode,
        FinalizeMetadataVersion,
        GiveUpReplicas,
        InitializeCluster,
        RecoverPartitions,
        RegisterNode,
        ReassignPartitions,
        ReportLogs,
        SuspectNode,
        UndrainNode,
        UnfenceNode {

  /** Most entries of one list in a command: it keeps any command well below a MiB. */
  int ENTRIES_MAX = 10_000;
}
