package dev.naru.client.fake;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.naru.proto.admin.v1.AddPartitionsRequest;
import dev.naru.proto.admin.v1.AlterTopicConfigsRequest;
import dev.naru.proto.admin.v1.ConfigEntry;
import dev.naru.proto.admin.v1.CreateTopicRequest;
import dev.naru.proto.admin.v1.CreateTopicResult;
import dev.naru.proto.admin.v1.CreateTopicsRequest;
import dev.naru.proto.admin.v1.CreateTopicsResponse;
import dev.naru.proto.admin.v1.DeleteTopicRequest;
import dev.naru.proto.admin.v1.GetTopicRequest;
import dev.naru.proto.admin.v1.ListTopicsRequest;
import dev.naru.proto.admin.v1.ListTopicsResponse;
import dev.naru.proto.admin.v1.Partition;
import dev.naru.proto.admin.v1.Topic;
import dev.naru.proto.admin.v1.TopicAdminServiceGrpc;
import dev.naru.proto.admin.v1.Warning;
import dev.naru.types.ErrorCode;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.Optional;

/** Topics, one a page, with errors as nodes send them. */
final class FakeTopicAdmin extends TopicAdminServiceGrpc.TopicAdminServiceImplBase {

  private final FakeCluster cluster;

  FakeTopicAdmin(FakeCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public void createTopic(CreateTopicRequest request, StreamObserver<Topic> answers) {
    if (cluster.failsAdmin()) {
      var lost = error(ErrorCode.METADATA_QUORUM_LOST, "Expected a quorum, but it is lost");
      if (cluster.adminFailsAfterMillis() == 0) {
        answers.onError(lost);
      } else {
        cluster.later(cluster.adminFailsAfterMillis(), () -> answers.onError(lost));
      }
    } else if (cluster.hangsAdmin()) {
      return;
    } else if (cluster.topics.containsKey(request.getTopic())) {
      answers.onError(
          error(
              ErrorCode.TOPIC_ALREADY_EXISTS,
              "Expected a new name, but topic " + request.getTopic() + " exists"));
    } else {
      if (!request.getValidateOnly()) {
        cluster.createTopic(request.getTopic(), request.getPartitionCount());
      }
      answers.onNext(topic(request.getTopic(), request.getPartitionCount()));
      answers.onCompleted();
    }
  }

  /** Those that exist fail; so does the first that is named "later", which may be tried again. */
  @Override
  public void createTopics(
      CreateTopicsRequest request, StreamObserver<CreateTopicsResponse> answers) {
    var response = CreateTopicsResponse.newBuilder();
    for (var each : request.getTopicsList()) {
      if (each.getTopic().equals("later")) {
        response.addResults(
            notMade(error(ErrorCode.NOT_ENOUGH_REPLICAS, "Expected a node, but there is none")));
      } else if (cluster.topics.containsKey(each.getTopic())) {
        response.addResults(
            notMade(error(ErrorCode.TOPIC_ALREADY_EXISTS, "Expected a new name, but it exists")));
      } else {
        cluster.createTopic(each.getTopic(), each.getPartitionCount());
        response.addResults(
            CreateTopicResult.newBuilder()
                .setTopic(topic(each.getTopic(), each.getPartitionCount())));
      }
    }
    answers.onNext(response.build());
    answers.onCompleted();
  }

  private static CreateTopicResult notMade(StatusRuntimeException failure) {
    return CreateTopicResult.newBuilder().setError(StatusProto.fromThrowable(failure)).build();
  }

  @Override
  public void getTopic(GetTopicRequest request, StreamObserver<Topic> answers) {
    String name = request.getName().substring("topics/".length());
    var topic = cluster.topics.get(name);
    if (topic == null) {
      answers.onError(
          error(ErrorCode.TOPIC_NOT_FOUND, "Expected a topic, but there is no " + name));
    } else {
      answers.onNext(topic(name, topic.partitions().size()));
      answers.onCompleted();
    }
  }

  @Override
  public void listTopics(ListTopicsRequest request, StreamObserver<ListTopicsResponse> answers) {
    var names = cluster.topics.keySet().stream().sorted().toList();
    int page = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
    var answer = ListTopicsResponse.newBuilder();
    if (page < names.size()) {
      answer.addTopics(topic(names.get(page), 1));
    }
    if (page + 1 < names.size()) {
      answer.setNextPageToken(Integer.toString(page + 1));
    }
    answers.onNext(answer.build());
    answers.onCompleted();
  }

  /** Changes something unless it only validates. */
  @Override
  public void addPartitions(AddPartitionsRequest request, StreamObserver<Topic> answers) {
    String name = request.getName().substring("topics/".length());
    int present = Optional.ofNullable(cluster.topics.get(name)).orElseThrow().partitions().size();
    if (request.getPartitionCount() < present) {
      answers.onError(error(ErrorCode.PARTITIONS_CANNOT_SHRINK, "Expected at least " + present));
      return;
    }
    if (!request.getValidateOnly()) {
      cluster.addPartitions(name, request.getPartitionCount());
    }
    answers.onNext(
        topic(name, request.getPartitionCount()).toBuilder()
            .addWarnings(Warning.newBuilder().setCode("KEYS_MOVE").setMessage("they do"))
            .build());
    answers.onCompleted();
  }

  /** Changes nothing, and tells what was asked for. */
  @Override
  public void alterTopicConfigs(AlterTopicConfigsRequest request, StreamObserver<Topic> answers) {
    if (request.getEtag().equals("old")) {
      cluster.calls.add("AlterTopicConfigs");
      answers.onError(error(ErrorCode.ETAG_MISMATCH, "Expected etag old, but it is new"));
      return;
    }
    answers.onNext(
        topic(request.getName().substring("topics/".length()), 1).toBuilder()
            .addAllConfigs(request.getSetList())
            .addAllConfigs(
                request.getUnsetList().stream()
                    .map(key -> ConfigEntry.newBuilder().setKey(key).build())
                    .toList())
            .setEtag(request.getValidateOnly() ? "" : "new")
            .build());
    answers.onCompleted();
  }

  @Override
  public void deleteTopic(DeleteTopicRequest request, StreamObserver<Empty> answers) {
    cluster.deleteTopic(request.getName().substring("topics/".length()));
    answers.onNext(Empty.getDefaultInstance());
    answers.onCompleted();
  }

  private static Topic topic(String name, int partitions) {
    var topic =
        Topic.newBuilder()
            .setName("topics/" + name)
            .setPartitionCount(partitions)
            .setReplicationFactor(3);
    for (int i = 0; i < partitions; i++) {
      topic.addPartitions(Partition.newBuilder().setPartition(i).setLeader(1).addReplicas(1));
    }
    return topic.build();
  }

  static StatusRuntimeException error(ErrorCode code, String message) {
    var info =
        ErrorInfo.newBuilder()
            .setReason(code.name())
            .setDomain("naru.dev")
            .putMetadata("topic", "orders")
            .build();
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(Code.valueOf(code.status().name()).value())
            .setMessage(message)
            .addDetails(Any.pack(info))
            .build());
  }
}
