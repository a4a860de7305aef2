package dev.naru.broker.peer;

import dev.naru.broker.partition.LogStanding;
import dev.naru.broker.rpc.ProtoIds;
import dev.naru.broker.rpc.StoredData;
import dev.naru.log.disk.DiskSpace;
import dev.naru.metadata.balance.DiskUse;
import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.liveness.LogQuestion;
import dev.naru.proto.internal.v1.FoundReplica;
import dev.naru.proto.internal.v1.StoredReplica;
import dev.naru.proto.internal.v1.SurveyLogsRequest;
import dev.naru.proto.internal.v1.SurveyLogsResponse;
import dev.naru.proto.internal.v1.SurveyStorageResponse;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Questions about logs and their answers, between messages and values. */
final class SurveyCodec {

  /** Some 30 bytes each: all of them fit into a message. */
  private static final int REPLICAS_MAX = 20_000;

  private SurveyCodec() {}

  static SurveyLogsRequest request(String clusterId, NodeId node, List<LogQuestion> questions) {
    var request = SurveyLogsRequest.newBuilder().setClusterId(clusterId).setNode(node.value());
    for (var question : questions) {
      request.addQuestions(
          dev.naru.proto.internal.v1.LogQuestion.newBuilder()
              .setTopicId(ProtoIds.uuid(question.partition().topic()))
              .setPartition(question.partition().partition())
              .setPartitionEpoch(question.partitionEpoch().value()));
    }
    return request.build();
  }

  /** Empty for a question about nothing that can be. */
  static Optional<LogQuestion> question(dev.naru.proto.internal.v1.LogQuestion message) {
    return message.getPartitionEpoch() < 0
        ? Optional.empty()
        : ProtoIds.partition(message.getTopicId(), message.getPartition())
            .map(id -> new LogQuestion(id, new PartitionEpoch(message.getPartitionEpoch())));
  }

  static FoundReplica found(int question, LogStanding standing) {
    var message = FoundReplica.newBuilder().setQuestion(question);
    return switch (standing) {
      case LogStanding.Damaged() -> message.setDamaged(true).build();
      case LogStanding.Intact intact -> {
        var log = intact.log();
        var durable = intact.durable();
        log.lastEpoch().ifPresent(epoch -> message.setLastEpoch(epoch.value()));
        durable.lastEpoch().ifPresent(epoch -> message.setDurableEpoch(epoch.value()));
        yield message
            .setEnd(log.end())
            .setDurableEnd(durable.end())
            .setLogStart(intact.tail().start())
            .setHighWatermark(intact.highWatermark())
            .build();
      }
    };
  }

  /**
   * What a node answered to these questions. An answer that cannot be is left out: it says nothing
   * about the others.
   *
   * @throws IllegalArgumentException if it does not say which process answers
   */
  static Map<PartitionId, LogAnswer> answers(
      NodeId node, List<LogQuestion> questions, SurveyLogsResponse response) {
    var answers = new TreeMap<PartitionId, LogAnswer>();
    var epoch = new NodeEpoch(response.getNodeEpoch());
    for (var found : response.getAnswersList()) {
      if (found.getQuestion() >= 0 && found.getQuestion() < questions.size()) {
        var partition = questions.get(found.getQuestion()).partition();
        answer(node, epoch, found).ifPresent(answer -> answers.put(partition, answer));
      }
    }
    return answers;
  }

  private static Optional<LogAnswer> answer(NodeId node, NodeEpoch epoch, FoundReplica found) {
    if (found.getDamaged()) {
      return Optional.of(LogAnswer.damaged(node, epoch));
    }
    try {
      var log = logEnd(found.hasLastEpoch(), found.getLastEpoch(), found.getEnd());
      var durable = logEnd(found.hasDurableEpoch(), found.getDurableEpoch(), found.getDurableEnd());
      return Optional.of(
          new LogAnswer(
              node, epoch, log, durable, found.getLogStart(), found.getHighWatermark(), false));
    } catch (IllegalArgumentException cannotBe) {
      return Optional.empty();
    }
  }

  private static LogEnd logEnd(boolean hasEpoch, int epoch, long end) {
    return new LogEnd(hasEpoch ? Optional.of(new LeaderEpoch(epoch)) : Optional.empty(), end);
  }

  // ---- sizes

  /** The largest, as many as fit into one answer. */
  static SurveyStorageResponse storage(
      SortedMap<PartitionId, Long> sizes, Optional<DiskSpace> disks) {
    var response = SurveyStorageResponse.newBuilder();
    sizes.entrySet().stream()
        .sorted(
            Map.Entry.<PartitionId, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(REPLICAS_MAX)
        .forEach(each ->
            response.addReplicas(
                StoredReplica.newBuilder()
                    .setTopicId(ProtoIds.uuid(each.getKey().topic()))
                    .setPartition(each.getKey().partition())
                    .setBytes(each.getValue())));
    disks.ifPresent(space ->
        response
            .setDiskTotalBytes(space.totalBytes())
            .setDiskUsedBytes(space.totalBytes() - Math.max(0, space.usableBytes())));
    return response.build();
  }

  /** What a node answered; what cannot be is left out. */
  static StoredData stored(SurveyStorageResponse response) {
    var bytes = new TreeMap<PartitionId, Long>();
    for (var replica : response.getReplicasList()) {
      if (replica.getBytes() >= 0) {
        ProtoIds.partition(replica.getTopicId(), replica.getPartition())
            .ifPresent(id -> bytes.put(id, replica.getBytes()));
      }
    }
    long total = response.getDiskTotalBytes();
    long used = response.getDiskUsedBytes();
    return new StoredData(
        bytes, total > 0 && used >= 0 ? Optional.of(new DiskUse(used, total)) : Optional.empty());
  }
}
