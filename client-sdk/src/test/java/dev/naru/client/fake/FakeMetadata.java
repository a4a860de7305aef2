package dev.naru.client.fake;

import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.GetMetadataRequest;
import dev.naru.proto.v1.GetMetadataResponse;
import dev.naru.proto.v1.ListOffsetsRequest;
import dev.naru.proto.v1.ListOffsetsResponse;
import dev.naru.proto.v1.MetadataServiceGrpc;
import dev.naru.proto.v1.NodeMetadata;
import dev.naru.proto.v1.OffsetAnswer;
import dev.naru.proto.v1.OffsetQuery;
import dev.naru.proto.v1.PartitionMetadata;
import dev.naru.proto.v1.TopicMetadata;
import dev.naru.proto.v1.Uuid;
import dev.naru.types.TopicId;
import io.grpc.stub.StreamObserver;
import java.util.List;

/** Tells who leads what, and offsets. */
final class FakeMetadata extends MetadataServiceGrpc.MetadataServiceImplBase {

  private final FakeCluster cluster;
  private final FakeNode node;

  FakeMetadata(FakeCluster cluster, FakeNode node) {
    this.cluster = cluster;
    this.node = node;
  }

  @Override
  public void getMetadata(GetMetadataRequest request, StreamObserver<GetMetadataResponse> answers) {
    cluster.metadataCalls.incrementAndGet();
    cluster.calls.add("GetMetadata@" + node.id());
    cluster.askedTopics = List.copyOf(request.getTopicNamesList());
    if (node.hangs()) {
      return;
    }
    var answer =
        GetMetadataResponse.newBuilder()
            .setClusterId("fake")
            .setMetadataIndex(node.lags() ? 0 : cluster.index.get());
    for (var each : cluster.nodes().values()) {
      answer.addNodes(
          NodeMetadata.newBuilder()
              .setId(each.id())
              .setHost(each.address().host())
              .setPort(each.address().port()));
    }
    var names =
        request.getAllTopics() ? List.copyOf(cluster.topics.keySet()) : request.getTopicNamesList();
    names.forEach(name -> answer.addTopics(topic(name)));
    answers.onNext(answer.build());
    answers.onCompleted();
  }

  private TopicMetadata topic(String name) {
    var topic = cluster.topics.get(name);
    if (topic == null || node.lags()) {
      return TopicMetadata.newBuilder()
          .setName(name)
          .setError(ErrorCode.ERROR_CODE_TOPIC_NOT_FOUND)
          .setErrorMessage("Expected a topic, but there is no " + name)
          .build();
    }
    var told =
        TopicMetadata.newBuilder()
            .setName(name)
            .setError(ErrorCode.ERROR_CODE_NONE)
            .setId(uuid(topic.id()))
            .setMaxMessageBytes(topic.maxMessageBytes())
            .setInternal(name.startsWith("__"));
    for (int i = 0; i < topic.partitions().size(); i++) {
      var partition = topic.partitions().get(i);
      var entry =
          PartitionMetadata.newBuilder().setPartition(i).setLeaderEpoch(partition.leaderEpoch());
      partition.leader().ifPresent(entry::setLeader);
      told.addPartitions(entry);
    }
    return told.build();
  }

  @Override
  public void listOffsets(ListOffsetsRequest request, StreamObserver<ListOffsetsResponse> answers) {
    cluster.calls.add("ListOffsets@" + node.id());
    if (node.hangs()) {
      return;
    }
    var answer = ListOffsetsResponse.newBuilder();
    request.getQueriesList().forEach(query -> answer.addAnswers(offset(query)));
    answers.onNext(answer.build());
    answers.onCompleted();
  }

  private OffsetAnswer offset(OffsetQuery query) {
    var answer =
        OffsetAnswer.newBuilder().setTopicId(query.getTopicId()).setPartition(query.getPartition());
    var partition =
        cluster.partition(
            TopicId.of(query.getTopicId().getHigh(), query.getTopicId().getLow()),
            query.getPartition());
    if (partition.isEmpty()) {
      return answer.setError(ErrorCode.ERROR_CODE_TOPIC_NOT_FOUND).build();
    }
    var known = partition.get();
    if (known.leader().isEmpty() || known.leader().getAsInt() != node.id()) {
      return answer.setError(ErrorCode.ERROR_CODE_NOT_LEADER).build();
    }
    answer.setError(ErrorCode.ERROR_CODE_NONE).setLeaderEpoch(known.leaderEpoch());
    switch (query.getPositionCase()) {
      case EARLIEST -> answer.setOffset(known.start());
      case LATEST -> answer.setOffset(known.end());
      case TIMESTAMP_MS ->
          known
              .firstAtOrAfter(query.getTimestampMs())
              .ifPresent(found -> answer.setOffset(found).setTimestampMs(query.getTimestampMs()));
      case POSITION_NOT_SET -> answer.setError(ErrorCode.ERROR_CODE_INVALID_REQUEST);
    }
    return answer.build();
  }

  static Uuid uuid(TopicId id) {
    return Uuid.newBuilder().setHigh(id.high()).setLow(id.low()).build();
  }
}
