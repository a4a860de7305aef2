package dev.naru.metadata.codec;

import dev.naru.metadata.command.AddPartitions;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.AlterPartitions;
import dev.naru.metadata.command.AlterTopicConfigs;
import dev.naru.metadata.command.BeginShutdown;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.CreateTopics;
import dev.naru.metadata.command.DeleteTopic;
import dev.naru.metadata.command.DirectoryReport;
import dev.naru.metadata.command.ElectLeaders;
import dev.naru.metadata.command.ElectionKind;
import dev.naru.metadata.command.FenceCause;
import dev.naru.metadata.command.FenceNode;
import dev.naru.metadata.command.GiveUpCause;
import dev.naru.metadata.command.GiveUpReplicas;
import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.command.LogReport;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.command.SuspectNode;
import dev.naru.metadata.command.UnfenceNode;
import dev.naru.proto.internal.v1.AlterPartitionCommand;
import dev.naru.proto.internal.v1.AlterTopicConfigsCommand;
import dev.naru.proto.internal.v1.CreateTopicCommand;
import dev.naru.proto.internal.v1.ElectLeadersCommand;
import dev.naru.proto.internal.v1.FenceNodeCommand;
import dev.naru.proto.internal.v1.FoundDirectory;
import dev.naru.proto.internal.v1.FoundLog;
import dev.naru.proto.internal.v1.GiveUpReplicasCommand;
import dev.naru.proto.internal.v1.Member;
import dev.naru.proto.internal.v1.RegisterNodeCommand;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import java.util.Optional;

/** Reads each message of a command. */
final class CommandReader {

  private CommandReader() {}

  static CommandEnvelope read(dev.naru.proto.internal.v1.CommandEnvelope message) {
    return new CommandEnvelope(
        new NodeId(message.getSubmitter()),
        new NodeEpoch(message.getSubmitterEpoch()),
        message.getSequence(),
        message.getNowMs(),
        command(message),
        message.getPrincipal());
  }

  private static MetadataCommand command(dev.naru.proto.internal.v1.CommandEnvelope message) {
    return switch (message.getCommandCase()) {
      case INITIALIZE_CLUSTER -> {
        var command = message.getInitializeCluster();
        yield new InitializeCluster(
            command.getClusterId(),
            command.getMetadataVersion(),
            Values.read(command.getDefaults()));
      }
      case REGISTER_NODE -> read(message.getRegisterNode());
      case REPORT_LOGS -> {
        var command = message.getReportLogs();
        yield new ReportLogs(
            new NodeId(command.getNode()),
            new NodeEpoch(command.getNodeEpoch()),
            command.getLogsList().stream().map(CommandReader::read).toList(),
            command.getLast());
      }
      case UNFENCE_NODE -> {
        var command = message.getUnfenceNode();
        yield new UnfenceNode(new NodeId(command.getNode()), new NodeEpoch(command.getNodeEpoch()));
      }
      case FENCE_NODE -> read(message.getFenceNode());
      case BEGIN_SHUTDOWN -> {
        var command = message.getBeginShutdown();
        yield new BeginShutdown(
            new NodeId(command.getNode()), new NodeEpoch(command.getNodeEpoch()));
      }
      case GIVE_UP_REPLICAS -> read(message.getGiveUpReplicas());
      case CREATE_TOPIC -> read(message.getCreateTopic());
      case CREATE_TOPICS ->
          new CreateTopics(
              message.getCreateTopics().getTopicsList().stream().map(CommandReader::read).toList());
      case DELETE_TOPIC -> new DeleteTopic(Values.readTopic(message.getDeleteTopic().getTopicId()));
      case ALTER_PARTITION -> read(message.getAlterPartition());
      case ALTER_PARTITIONS ->
          new AlterPartitions(
              message.getAlterPartitions().getProposalsList().stream()
                  .map(CommandReader::read)
                  .toList());
      case ELECT_LEADERS -> read(message.getElectLeaders());
      case SUSPECT_NODE -> {
        var command = message.getSuspectNode();
        yield new SuspectNode(
            new NodeId(command.getNode()),
            new NodeEpoch(command.getNodeEpoch()),
            command.getPartitionsList().stream().map(Values::read).toList());
      }
      case RECOVER_PARTITIONS -> RecoveryMessages.read(message.getRecoverPartitions());
      case DECLARE_LOSSES -> RecoveryMessages.read(message.getDeclareLosses());
      case ADD_PARTITIONS -> {
        var command = message.getAddPartitions();
        yield new AddPartitions(
            Values.readTopic(command.getTopicId()), command.getTotal(), command.getPlacementSeed());
      }
      case ALTER_TOPIC_CONFIGS -> read(message.getAlterTopicConfigs());
      case ALTER_CONFIGS -> ConfigMessages.read(message.getAlterConfigs());
      case FINALIZE_METADATA_VERSION -> ConfigMessages.read(message.getFinalizeMetadataVersion());
      case DRAIN_NODE -> OperationMessages.read(message.getDrainNode());
      case UNDRAIN_NODE -> OperationMessages.read(message.getUndrainNode());
      case REASSIGN_PARTITIONS -> OperationMessages.read(message.getReassignPartitions());
      case CANCEL_OPERATION -> OperationMessages.read(message.getCancelOperation());
      case DECOMMISSION_NODE -> OperationMessages.read(message.getDecommissionNode());
      case COMMAND_NOT_SET ->
          throw new IllegalArgumentException(
              "Expected a command, but there is none that this release knows");
    };
  }

  private static RegisterNode read(RegisterNodeCommand command) {
    return new RegisterNode(
        command.getClusterId(),
        new NodeId(command.getNode()),
        Values.read(command.getIncarnation()),
        command.hasKnownEpoch()
            ? Optional.of(new NodeEpoch(command.getKnownEpoch()))
            : Optional.empty(),
        Values.read(command.getDescription()),
        command.getDirectoriesList().stream().map(CommandReader::read).toList(),
        Values.read(command.getLastStop()),
        command.getReplacesLost());
  }

  private static DirectoryReport read(FoundDirectory found) {
    return new DirectoryReport(
        Values.read(found.getId()),
        found.hasStoredEpoch()
            ? Optional.of(new NodeEpoch(found.getStoredEpoch()))
            : Optional.empty());
  }

  private static LogReport read(FoundLog found) {
    return new LogReport(
        Values.read(found.getPartition()),
        Values.read(found.getDirectoryId()),
        Values.read(found.getExtent()),
        found.getDurablePoint(),
        found.getDamaged());
  }

  private static FenceNode read(FenceNodeCommand command) {
    return new FenceNode(
        new NodeId(command.getNode()),
        new NodeEpoch(command.getNodeEpoch()),
        switch (command.getCause()) {
          case FENCING_CAUSE_SILENT -> FenceCause.SILENT;
          case FENCING_CAUSE_CONNECTION_REFUSED -> FenceCause.CONNECTION_REFUSED;
          case FENCING_CAUSE_UNSPECIFIED, UNRECOGNIZED ->
              throw Values.unknown("cause of fencing", command.getCause());
        });
  }

  private static GiveUpReplicas read(GiveUpReplicasCommand command) {
    return new GiveUpReplicas(
        new NodeId(command.getNode()),
        new NodeEpoch(command.getNodeEpoch()),
        command.getPartitionsList().stream().map(Values::read).toList(),
        switch (command.getCause()) {
          case GIVING_UP_CAUSE_DAMAGED -> GiveUpCause.DAMAGED;
          case GIVING_UP_CAUSE_STORAGE_FAILED -> GiveUpCause.STORAGE_FAILED;
          case GIVING_UP_CAUSE_UNSPECIFIED, UNRECOGNIZED ->
              throw Values.unknown("cause of giving up", command.getCause());
        });
  }

  private static CreateTopic read(CreateTopicCommand command) {
    return new CreateTopic(
        Values.readTopic(command.getTopicId()),
        command.getName(),
        command.hasPartitions() ? Optional.of(command.getPartitions()) : Optional.empty(),
        command.hasReplicationFactor()
            ? Optional.of(command.getReplicationFactor())
            : Optional.empty(),
        Values.read(command.getConfigsList()),
        command.getPlacementSeed(),
        command.getInternal(),
        command.getPrincipal());
  }

  private static AlterTopicConfigs read(AlterTopicConfigsCommand command) {
    return new AlterTopicConfigs(
        Values.readTopic(command.getTopicId()),
        Values.read(command.getSetList()),
        ConfigMessages.keys(command.getUnsetList()),
        command.hasExpected()
            ? Optional.of(Values.read(command.getExpected().getConfigsList()))
            : Optional.empty(),
        command.getPrincipal());
  }

  private static AlterPartition read(AlterPartitionCommand command) {
    return new AlterPartition(
        Values.read(command.getPartition()),
        new LeaderEpoch(command.getLeaderEpoch()),
        new PartitionEpoch(command.getPartitionEpoch()),
        read(command.getLeader()),
        command.getIsrList().stream().map(CommandReader::read).toList(),
        command.getReason());
  }

  private static IsrMember read(Member member) {
    return new IsrMember(new NodeId(member.getNode()), new NodeEpoch(member.getNodeEpoch()));
  }

  private static ElectLeaders read(ElectLeadersCommand command) {
    return new ElectLeaders(
        command.getPartitionsList().stream().map(Values::read).toList(),
        switch (command.getReason()) {
          case ELECTION_REASON_PREFERRED -> ElectionKind.PREFERRED;
          case ELECTION_REASON_WAIT_IS_OVER -> ElectionKind.WAIT_IS_OVER;
          case ELECTION_REASON_UNSPECIFIED, UNRECOGNIZED ->
              throw Values.unknown("reason to elect", command.getReason());
        });
  }
}
