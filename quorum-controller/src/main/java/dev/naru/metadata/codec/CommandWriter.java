package dev.naru.metadata.codec;

import dev.naru.metadata.command.AddPartitions;
import dev.naru.metadata.command.AlterConfigs;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.AlterPartitions;
import dev.naru.metadata.command.AlterTopicConfigs;
import dev.naru.metadata.command.BeginShutdown;
import dev.naru.metadata.command.CancelOperation;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.CreateTopics;
import dev.naru.metadata.command.DeclareLosses;
import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.DeleteTopic;
import dev.naru.metadata.command.DirectoryReport;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.ElectLeaders;
import dev.naru.metadata.command.FenceNode;
import dev.naru.metadata.command.FinalizeMetadataVersion;
import dev.naru.metadata.command.GiveUpReplicas;
import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.command.LogReport;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.command.SuspectNode;
import dev.naru.metadata.command.UndrainNode;
import dev.naru.metadata.command.UnfenceNode;
import dev.naru.proto.internal.v1.AddPartitionsCommand;
import dev.naru.proto.internal.v1.AlterPartitionCommand;
import dev.naru.proto.internal.v1.AlterPartitionsCommand;
import dev.naru.proto.internal.v1.AlterTopicConfigsCommand;
import dev.naru.proto.internal.v1.BeginShutdownCommand;
import dev.naru.proto.internal.v1.CreateTopicCommand;
import dev.naru.proto.internal.v1.CreateTopicsCommand;
import dev.naru.proto.internal.v1.DeleteTopicCommand;
import dev.naru.proto.internal.v1.ElectLeadersCommand;
import dev.naru.proto.internal.v1.ElectionReason;
import dev.naru.proto.internal.v1.ExpectedConfigs;
import dev.naru.proto.internal.v1.FenceNodeCommand;
import dev.naru.proto.internal.v1.FencingCause;
import dev.naru.proto.internal.v1.FoundDirectory;
import dev.naru.proto.internal.v1.FoundLog;
import dev.naru.proto.internal.v1.GiveUpReplicasCommand;
import dev.naru.proto.internal.v1.GivingUpCause;
import dev.naru.proto.internal.v1.InitializeClusterCommand;
import dev.naru.proto.internal.v1.Member;
import dev.naru.proto.internal.v1.RegisterNodeCommand;
import dev.naru.proto.internal.v1.ReportLogsCommand;
import dev.naru.proto.internal.v1.SuspectNodeCommand;
import dev.naru.proto.internal.v1.UnfenceNodeCommand;

/** Writes each kind of command as its message. */
final class CommandWriter {

  private CommandWriter() {}

  static dev.naru.proto.internal.v1.CommandEnvelope write(CommandEnvelope envelope) {
    var message =
        dev.naru.proto.internal.v1.CommandEnvelope.newBuilder()
            .setSubmitter(envelope.submitter().value())
            .setSubmitterEpoch(envelope.submitterEpoch().value())
            .setSequence(envelope.sequence())
            .setNowMs(envelope.nowMillis())
            .setPrincipal(envelope.principal());
    switch (envelope.command()) {
      case InitializeCluster command -> message.setInitializeCluster(write(command));
      case RegisterNode command -> message.setRegisterNode(write(command));
      case ReportLogs command -> message.setReportLogs(write(command));
      case UnfenceNode command -> message.setUnfenceNode(write(command));
      case FenceNode command -> message.setFenceNode(write(command));
      case BeginShutdown command -> message.setBeginShutdown(write(command));
      case GiveUpReplicas command -> message.setGiveUpReplicas(write(command));
      case CreateTopic command -> message.setCreateTopic(write(command));
      case CreateTopics command -> message.setCreateTopics(write(command));
      case DeleteTopic command -> message.setDeleteTopic(write(command));
      case AddPartitions command -> message.setAddPartitions(write(command));
      case AlterTopicConfigs command -> message.setAlterTopicConfigs(write(command));
      case AlterConfigs command -> message.setAlterConfigs(ConfigMessages.write(command));
      case FinalizeMetadataVersion command ->
          message.setFinalizeMetadataVersion(ConfigMessages.write(command));
      case AlterPartition command -> message.setAlterPartition(write(command));
      case AlterPartitions command -> message.setAlterPartitions(write(command));
      case ElectLeaders command -> message.setElectLeaders(write(command));
      case SuspectNode command -> message.setSuspectNode(write(command));
      case RecoverPartitions command ->
          message.setRecoverPartitions(RecoveryMessages.write(command));
      case DeclareLosses command -> message.setDeclareLosses(RecoveryMessages.write(command));
      case DrainNode command -> message.setDrainNode(OperationMessages.write(command));
      case UndrainNode command -> message.setUndrainNode(OperationMessages.write(command));
      case ReassignPartitions command ->
          message.setReassignPartitions(OperationMessages.write(command));
      case CancelOperation command -> message.setCancelOperation(OperationMessages.write(command));
      case DecommissionNode command ->
          message.setDecommissionNode(OperationMessages.write(command));
    }
    return message.build();
  }

  private static InitializeClusterCommand write(InitializeCluster command) {
    return InitializeClusterCommand.newBuilder()
        .setClusterId(command.clusterId())
        .setMetadataVersion(command.metadataVersion())
        .setDefaults(Values.write(command.defaults()))
        .build();
  }

  private static RegisterNodeCommand write(RegisterNode command) {
    var message = RegisterNodeCommand.newBuilder();
    command.knownEpoch().ifPresent(epoch -> message.setKnownEpoch(epoch.value()));
    return message
        .setClusterId(command.clusterId())
        .setNode(command.node().value())
        .setIncarnation(Values.write(command.incarnation()))
        .setDescription(Values.write(command.profile()))
        .addAllDirectories(command.directories().stream().map(CommandWriter::write).toList())
        .setLastStop(Values.write(command.lastStop()))
        .setReplacesLost(command.replacesLost())
        .build();
  }

  private static FoundDirectory write(DirectoryReport found) {
    var message = FoundDirectory.newBuilder().setId(Values.write(found.id()));
    found.storedEpoch().ifPresent(epoch -> message.setStoredEpoch(epoch.value()));
    return message.build();
  }

  private static ReportLogsCommand write(ReportLogs command) {
    return ReportLogsCommand.newBuilder()
        .setNode(command.node().value())
        .setNodeEpoch(command.epoch().value())
        .addAllLogs(command.logs().stream().map(CommandWriter::write).toList())
        .setLast(command.last())
        .build();
  }

  private static FoundLog write(LogReport report) {
    return FoundLog.newBuilder()
        .setPartition(Values.write(report.partition()))
        .setDirectoryId(Values.write(report.directory()))
        .setExtent(Values.write(report.log()))
        .setDurablePoint(report.durablePoint())
        .setDamaged(report.damaged())
        .build();
  }

  private static UnfenceNodeCommand write(UnfenceNode command) {
    return UnfenceNodeCommand.newBuilder()
        .setNode(command.node().value())
        .setNodeEpoch(command.epoch().value())
        .build();
  }

  private static FenceNodeCommand write(FenceNode command) {
    return FenceNodeCommand.newBuilder()
        .setNode(command.node().value())
        .setNodeEpoch(command.epoch().value())
        .setCause(
            switch (command.cause()) {
              case SILENT -> FencingCause.FENCING_CAUSE_SILENT;
              case CONNECTION_REFUSED -> FencingCause.FENCING_CAUSE_CONNECTION_REFUSED;
            })
        .build();
  }

  private static BeginShutdownCommand write(BeginShutdown command) {
    return BeginShutdownCommand.newBuilder()
        .setNode(command.node().value())
        .setNodeEpoch(command.epoch().value())
        .build();
  }

  private static GiveUpReplicasCommand write(GiveUpReplicas command) {
    return GiveUpReplicasCommand.newBuilder()
        .setNode(command.node().value())
        .setNodeEpoch(command.epoch().value())
        .addAllPartitions(command.partitions().stream().map(Values::write).toList())
        .setCause(
            switch (command.cause()) {
              case DAMAGED -> GivingUpCause.GIVING_UP_CAUSE_DAMAGED;
              case STORAGE_FAILED -> GivingUpCause.GIVING_UP_CAUSE_STORAGE_FAILED;
            })
        .build();
  }

  private static CreateTopicCommand write(CreateTopic command) {
    var message =
        CreateTopicCommand.newBuilder()
            .setTopicId(Values.write(command.id()))
            .setName(command.name())
            .addAllConfigs(Values.write(command.configs()))
            .setPlacementSeed(command.placementSeed())
            .setInternal(command.internal())
            .setPrincipal(command.principal());
    command.partitions().ifPresent(message::setPartitions);
    command.replicationFactor().ifPresent(message::setReplicationFactor);
    return message.build();
  }

  private static CreateTopicsCommand write(CreateTopics command) {
    return CreateTopicsCommand.newBuilder()
        .addAllTopics(command.topics().stream().map(CommandWriter::write).toList())
        .build();
  }

  private static DeleteTopicCommand write(DeleteTopic command) {
    return DeleteTopicCommand.newBuilder().setTopicId(Values.write(command.id())).build();
  }

  private static AddPartitionsCommand write(AddPartitions command) {
    return AddPartitionsCommand.newBuilder()
        .setTopicId(Values.write(command.topic()))
        .setTotal(command.total())
        .setPlacementSeed(command.placementSeed())
        .build();
  }

  private static AlterTopicConfigsCommand write(AlterTopicConfigs command) {
    var message =
        AlterTopicConfigsCommand.newBuilder()
            .setTopicId(Values.write(command.topic()))
            .addAllSet(Values.write(command.set()))
            .addAllUnset(command.unset())
            .setPrincipal(command.principal());
    command
        .expected()
        .map(seen -> ExpectedConfigs.newBuilder().addAllConfigs(Values.write(seen)).build())
        .ifPresent(message::setExpected);
    return message.build();
  }

  private static AlterPartitionCommand write(AlterPartition command) {
    return AlterPartitionCommand.newBuilder()
        .setPartition(Values.write(command.partition()))
        .setLeaderEpoch(command.leaderEpoch().value())
        .setPartitionEpoch(command.partitionEpoch().value())
        .setLeader(write(command.leader()))
        .addAllIsr(command.isr().stream().map(CommandWriter::write).toList())
        .setReason(command.reason())
        .build();
  }

  private static AlterPartitionsCommand write(AlterPartitions command) {
    return AlterPartitionsCommand.newBuilder()
        .addAllProposals(command.proposals().stream().map(CommandWriter::write).toList())
        .build();
  }

  private static Member write(IsrMember member) {
    return Member.newBuilder()
        .setNode(member.node().value())
        .setNodeEpoch(member.epoch().value())
        .build();
  }

  private static SuspectNodeCommand write(SuspectNode command) {
    return SuspectNodeCommand.newBuilder()
        .setNode(command.node().value())
        .setNodeEpoch(command.epoch().value())
        .addAllPartitions(command.partitions().stream().map(Values::write).toList())
        .build();
  }

  private static ElectLeadersCommand write(ElectLeaders command) {
    return ElectLeadersCommand.newBuilder()
        .addAllPartitions(command.partitions().stream().map(Values::write).toList())
        .setReason(
            switch (command.kind()) {
              case PREFERRED -> ElectionReason.ELECTION_REASON_PREFERRED;
              case WAIT_IS_OVER -> ElectionReason.ELECTION_REASON_WAIT_IS_OVER;
            })
        .build();
  }
}
