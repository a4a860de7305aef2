package dev.naru.broker.rpc;

import dev.naru.broker.loop.ReadPool;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.proto.v1.GetMetadataRequest;
import dev.naru.proto.v1.GetMetadataResponse;
import dev.naru.proto.v1.ListOffsetsRequest;
import dev.naru.proto.v1.ListOffsetsResponse;
import dev.naru.proto.v1.MetadataServiceGrpc.MetadataServiceImplBase;
import dev.naru.proto.v1.NodeMetadata;
import dev.naru.proto.v1.PartitionMetadata;
import dev.naru.proto.v1.TopicMetadata;
import dev.naru.proto.v1.Uuid;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/** Says where things are, from the image that this node has applied. */
public final class MetadataService extends MetadataServiceImplBase {

  private static final int ENTRIES_MAX = 10_000;

  private final Supplier<ClusterSnapshot> cluster;
  private final EventsTopic events;
  private final OffsetLookup offsets;

  /**
   * Answers from these.
   *
   * @param events is made when it is asked for
   */
  public MetadataService(
      Supplier<ClusterSnapshot> cluster,
      EventsTopic events,
      ServingNode node,
      ReadPool reads,
      ReadFaults faults) {
    this.cluster = cluster;
    this.events = events;
    this.offsets = new OffsetLookup(node, reads, faults);
  }

  @Override
  public void getMetadata(
      GetMetadataRequest request, StreamObserver<GetMetadataResponse> response) {
    UnaryCalls.answer(response, () -> metadata(request));
  }

  private GetMetadataResponse metadata(GetMetadataRequest request) {
    int asked = request.getTopicNamesCount() + request.getTopicIdsCount();
    if (request.getAllTopics() && asked > 0) {
      throw ErrorStatus.ofField(
          new Refused(
              ErrorCode.INVALID_REQUEST,
              "Expected no names or ids together with all_topics, but were " + asked),
          "all_topics");
    }
    refuseAbove(asked, "topics");
    events.makeIfAmong(request.getTopicNamesList());
    var now = cluster.get();
    var image = now.image();
    var response =
        GetMetadataResponse.newBuilder()
            .setClusterId(image.clusterId())
            .setMetadataIndex(now.index())
            .setImageAgeMs(now.imageAgeMillis());
    now.controller().map(NodeId::value).ifPresent(response::setControllerId);
    image.nodes().values().forEach(node -> response.addNodes(encode(node)));
    if (request.getAllTopics()) {
      image.topics().values().forEach(topic -> response.addTopics(encode(topic)));
    }
    request.getTopicNamesList().forEach(name -> response.addTopics(named(image, name)));
    request.getTopicIdsList().forEach(id -> response.addTopics(withId(image, id)));
    return response.build();
  }

  private static NodeMetadata encode(NodeImage node) {
    var encoded =
        NodeMetadata.newBuilder()
            .setId(node.id().value())
            .setHost(node.client().host())
            .setPort(node.client().port())
            .setFenced(node.isFenced());
    node.rack().ifPresent(encoded::setRack);
    return encoded.build();
  }

  private static TopicMetadata named(ClusterImage image, String name) {
    return image
        .topicNamed(name)
        .map(MetadataService::encode)
        .orElseGet(() ->
            TopicMetadata.newBuilder()
                .setName(name)
                .setError(ProtoIds.code(ErrorCode.TOPIC_NOT_FOUND))
                .setErrorMessage("Expected a topic, but there is none named " + name)
                .build());
  }

  private static TopicMetadata withId(ClusterImage image, Uuid id) {
    var topic = ProtoIds.partition(id, 0).flatMap(partition -> image.topic(partition.topic()));
    return topic
        .map(MetadataService::encode)
        .orElseGet(() ->
            TopicMetadata.newBuilder()
                .setId(id)
                .setError(ProtoIds.code(ErrorCode.TOPIC_NOT_FOUND))
                .setErrorMessage("Expected a topic, but there is none of id " + idText(id))
                .build());
  }

  private static String idText(Uuid id) {
    return ProtoIds.partition(id, 0)
        .map(partition -> partition.topic())
        .map(TopicId::toString)
        .orElse("all zeros");
  }

  private static TopicMetadata encode(TopicImage topic) {
    var encoded =
        TopicMetadata.newBuilder()
            .setError(ProtoIds.code(ErrorCode.NONE))
            .setName(topic.name())
            .setId(ProtoIds.uuid(topic.id()))
            .setMaxMessageBytes(topic.settings().maxMessageBytes())
            .setInternal(InternalTopics.isInternal(topic.name()));
    for (int number = 0; number < topic.partitions().size(); number++) {
      encoded.addPartitions(encode(number, topic.partitions().get(number)));
    }
    return encoded.build();
  }

  private static PartitionMetadata encode(int number, PartitionImage partition) {
    var encoded =
        PartitionMetadata.newBuilder()
            .setPartition(number)
            .setLeaderEpoch(partition.leaderEpoch().value());
    partition.leader().map(NodeId::value).ifPresent(encoded::setLeader);
    partition.replicaNodes().forEach(node -> encoded.addReplicas(node.value()));
    partition.isr().forEach(node -> encoded.addIsr(node.value()));
    return encoded.build();
  }

  @Override
  public void listOffsets(
      ListOffsetsRequest request, StreamObserver<ListOffsetsResponse> response) {
    UnaryCalls.answer(response, () -> offsets(request));
  }

  private ListOffsetsResponse offsets(ListOffsetsRequest request) {
    refuseAbove(request.getQueriesCount(), "queries");
    var answers = request.getQueriesList().stream().map(offsets::answer).toList();
    var response = ListOffsetsResponse.newBuilder();
    answers.forEach(answer ->
        response.addAnswers(
            Deadlines.await(
                answer,
                fault -> new Refused(ErrorCode.INTERNAL, "Expected an offset, but: " + fault))));
    return response.build();
  }

  private static void refuseAbove(int count, String what) {
    if (count > ENTRIES_MAX) {
      throw ErrorStatus.of(
          new Refused(
              ErrorCode.LIMIT_EXCEEDED,
              "Expected at most %d %s, but were %d".formatted(ENTRIES_MAX, what, count)));
    }
  }
}
