package dev.naru.metadata.command;

/**
 * What can be asked of the metadata log. Deciding one needs nothing but the image, its index and
 * itself.
 */
public sealed interface MetadataCommand
    permits AddPartitions,
        AlterPartition,
        AlterPartitions,
        AlterTopicConfigs,
        BeginShutdown,
        CreateTopic,
        CreateTopics,
        DeclareLosses,
        DeleteTopic,
        ElectLeaders,
        FenceNode,
        GiveUpReplicas,
        InitializeCluster,
        RecoverPartitions,
        RegisterNode,
        ReportLogs,
        SuspectNode,
        UnfenceNode {

  /** Most entries of one list in a command: it keeps any command well below a MiB. */
  int ENTRIES_MAX = 10_000;
}
