package dev.naru.metadata.codec;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ConfigImage;
import dev.naru.metadata.image.DirectoryTrust;
import dev.naru.metadata.image.ElrPlace;
import dev.naru.metadata.image.ElrPlace.Awaited;
import dev.naru.metadata.image.ElrPlace.Recovered;
import dev.naru.metadata.image.ElrPlace.Unbroken;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.RecentOutcomes;
import dev.naru.metadata.image.TopicImage;
import dev.naru.proto.internal.v1.AssignedReplica;
import dev.naru.proto.internal.v1.AwaitedPlace;
import dev.naru.proto.internal.v1.DeletedTopicRecord;
import dev.naru.proto.internal.v1.EligibleReplica;
import dev.naru.proto.internal.v1.KnownDirectory;
import dev.naru.proto.internal.v1.NodeCondition;
import dev.naru.proto.internal.v1.NodeRecord;
import dev.naru.proto.internal.v1.PartitionRecord;
import dev.naru.proto.internal.v1.RememberedOutcome;
import dev.naru.proto.internal.v1.SnapshotHeader;
import dev.naru.proto.internal.v1.SnapshotRecord;
import dev.naru.proto.internal.v1.SnapshotTrailer;
import dev.naru.proto.internal.v1.SubmitterRecord;
import dev.naru.proto.internal.v1.TopicRecord;
import dev.naru.proto.internal.v1.UnbrokenPlace;
import dev.naru.proto.v1.ErrorCode;
import dev.naru.types.NodeId;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Writes one image as a sequence of records, each small, so that no buffer grows with the cluster.
 */
final class SnapshotWriter {

  /** Of the file; a release that writes another way raises it. */
  static final int FORMAT = 1;

  private final CheckedOutputStream out;
  private long records;

  SnapshotWriter(OutputStream out) {
    this.out = new CheckedOutputStream(out, new CRC32C());
  }

  void write(ClusterImage image) throws IOException {
    write(SnapshotRecord.newBuilder().setHeader(header(image)));
    writeConfigs(image.configs());
    for (var node : image.nodes().values()) {
      write(SnapshotRecord.newBuilder().setNode(node(node)));
      var outcomes = image.recentOutcomes().get(node.id());
      if (outcomes != null) {
        write(SnapshotRecord.newBuilder().setSubmitter(submitter(outcomes)));
      }
    }
    for (var topic : image.topics().values()) {
      write(SnapshotRecord.newBuilder().setTopic(topic(topic)));
      for (var partition : topic.partitions()) {
        write(SnapshotRecord.newBuilder().setPartition(partition(partition)));
      }
    }
    for (var deleted : image.deletedTopics().byIndex().entrySet()) {
      write(
          SnapshotRecord.newBuilder()
              .setDeletedTopic(
                  DeletedTopicRecord.newBuilder()
                      .setTopicId(Values.write(deleted.getValue()))
                      .setIndex(deleted.getKey())));
    }
    for (var operation : image.operations().values()) {
      write(SnapshotRecord.newBuilder().setOperation(OperationMessages.record(operation)));
      for (var planned : OperationMessages.waiting(operation)) {
        write(SnapshotRecord.newBuilder().setPlannedMove(planned));
      }
    }
    write(
        SnapshotRecord.newBuilder()
            .setTrailer(
                SnapshotTrailer.newBuilder()
                    .setRecordCount(records)
                    .setCrc((int) out.getChecksum().getValue())));
    out.flush();
  }

  private void writeConfigs(ConfigImage configs) throws IOException {
    if (!configs.cluster().isEmpty()) {
      write(
          SnapshotRecord.newBuilder().setClusterConfig(ConfigMessages.cluster(configs.cluster())));
    }
    for (var node : configs.nodes().entrySet()) {
      write(
          SnapshotRecord.newBuilder()
              .setNodeConfig(ConfigMessages.node(node.getKey(), node.getValue())));
    }
  }

  private void write(SnapshotRecord.Builder message) throws IOException {
    message.build().writeDelimitedTo(out);
    records++;
  }

  private static SnapshotHeader header(ClusterImage image) {
    var header =
        SnapshotHeader.newBuilder()
            .setFormat(FORMAT)
            .setClusterId(image.clusterId())
            .setMetadataVersion(image.metadataVersion())
            .setDefaults(Values.write(image.configs().given()));
    image.configs().finalized().map(ConfigMessages::origin).ifPresent(header::setFinalized);
    return header.build();
  }

  private static NodeRecord node(NodeImage node) {
    var message =
        NodeRecord.newBuilder()
            .setNode(node.id().value())
            .setNodeEpoch(node.epoch().value())
            .setIncarnation(Values.write(node.incarnation()))
            .setCondition(condition(node.state()))
            .setDescription(Values.write(node.profile()))
            .setLastStop(Values.write(node.lastStop()))
            .setLogsReported(node.logsReported())
            .setWish(OperationMessages.wish(node.intent()))
            .setGone(node.isGone());
    node.directories()
        .forEach((id, trust) ->
            message.addDirectories(
                KnownDirectory.newBuilder()
                    .setId(Values.write(id))
                    .setTrusted(trust == DirectoryTrust.TRUSTED)));
    node.lastUnfenced().ifPresent(epoch -> message.setLastUnfencedEpoch(epoch.value()));
    return message.build();
  }

  private static NodeCondition condition(NodeState state) {
    return switch (state) {
      case STARTING -> NodeCondition.NODE_CONDITION_STARTING;
      case ACTIVE -> NodeCondition.NODE_CONDITION_ACTIVE;
      case FENCED -> NodeCondition.NODE_CONDITION_FENCED;
      case STOPPING -> NodeCondition.NODE_CONDITION_STOPPING;
      case SUSPECTED -> NodeCondition.NODE_CONDITION_SUSPECTED;
    };
  }

  private static SubmitterRecord submitter(RecentOutcomes recent) {
    var message =
        SubmitterRecord.newBuilder()
            .setNodeEpoch(recent.epoch().value())
            .setForgottenBelow(recent.forgottenBelow());
    recent
        .outcomes()
        .forEach((sequence, outcome) -> message.addOutcomes(outcome(sequence, outcome)));
    return message.build();
  }

  private static RememberedOutcome outcome(long sequence, Outcome outcome) {
    var message = RememberedOutcome.newBuilder().setSequence(sequence);
    return switch (outcome) {
      case Outcome.Accepted(var index) ->
          message.setIndex(index).setError(ErrorCode.ERROR_CODE_NONE).build();
      case Outcome.Refusal(var index, var why) ->
          message
              .setIndex(index)
              .setErrorValue(why.code().number())
              .setErrorMessage(why.reason())
              .build();
      case Outcome.NotAppended notAppended ->
          throw new IllegalStateException("Expected an applied command, but was " + notAppended);
    };
  }

  private static TopicRecord topic(TopicImage topic) {
    return TopicRecord.newBuilder()
        .setTopicId(Values.write(topic.id()))
        .setName(topic.name())
        .setCreatedMs(topic.createdMillis())
        .addAllConfigs(Values.write(topic.configs()))
        .addAllOrigins(ConfigMessages.origins(topic.origins()))
        .build();
  }

  private static PartitionRecord partition(PartitionImage partition) {
    var message =
        PartitionRecord.newBuilder()
            .setLeaderEpoch(partition.leaderEpoch().value())
            .setPartitionEpoch(partition.partitionEpoch().value());
    for (var replica : partition.replicas()) {
      message.addReplicas(
          AssignedReplica.newBuilder()
              .setNode(replica.node().value())
              .setAssignedAt(replica.assignedAt().value()));
    }
    partition.isr().forEach(node -> message.addIsr(node.value()));
    partition.elr().entrySet().forEach(place -> message.addElr(eligible(place)));
    partition.lastKnown().forEach(node -> message.addLastKnown(node.value()));
    partition.leader().ifPresent(node -> message.setLeader(node.value()));
    partition.losses().all().forEach(loss -> message.addLosses(RecoveryMessages.write(loss)));
    partition.move().ifPresent(move -> message.setMove(OperationMessages.write(move)));
    return message.build();
  }

  private static EligibleReplica eligible(Map.Entry<NodeId, ElrPlace> entry) {
    var message = EligibleReplica.newBuilder().setNode(entry.getKey().value());
    return switch (entry.getValue()) {
      case Unbroken() -> message.setUnbroken(UnbrokenPlace.getDefaultInstance()).build();
      case Awaited() -> message.setAwaited(AwaitedPlace.getDefaultInstance()).build();
      case Recovered(var log) -> message.setRecovered(Values.write(log)).build();
    };
  }
}
