package dev.naru.client.admin;

import dev.naru.client.transport.AdminCalls;
import dev.naru.proto.admin.v1.AddPartitionsRequest;
import dev.naru.proto.admin.v1.AlterTopicConfigsRequest;
import dev.naru.proto.admin.v1.ConfigEntry;
import dev.naru.proto.admin.v1.CreateTopicRequest;
import dev.naru.proto.admin.v1.CreateTopicsRequest;
import dev.naru.proto.admin.v1.DeleteTopicRequest;
import dev.naru.proto.admin.v1.GetTopicRequest;
import dev.naru.proto.admin.v1.ListTopicsRequest;
import dev.naru.proto.admin.v1.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What {@link Admin} asks about topics. Its futures complete on the client's loop. */
final class TopicCalls {

  private static final int PAGE_SIZE = 1000; // the most that a node returns
  private static final int CREATED_TOGETHER_MAX = 1000; // the most that a node takes

  private final AdminCalls calls;
  private final Supplier<UUID> ids;

  TopicCalls(AdminCalls calls, Supplier<UUID> ids) {
    this.calls = calls;
    this.ids = ids;
  }

  CompletableFuture<Topic> create(NewTopic topic, boolean isDryRun) {
    return calls.createTopic(requestFor(topic, isDryRun));
  }

  /** In the order of the topics. */
  List<CompletableFuture<Topic>> create(List<NewTopic> topics) {
    var created = new ArrayList<CompletableFuture<Topic>>();
    for (int from = 0; from < topics.size(); from += CREATED_TOGETHER_MAX) {
      var request = CreateTopicsRequest.newBuilder();
      topics.stream()
          .skip(from)
          .limit(CREATED_TOGETHER_MAX)
          .forEach(topic -> request.addTopics(requestFor(topic, false)));
      created.addAll(calls.createTopics(request.build()));
    }
    return created;
  }

  private CreateTopicRequest requestFor(NewTopic topic, boolean isDryRun) {
    var request =
        CreateTopicRequest.newBuilder()
            .setTopic(topic.name())
            .setValidateOnly(isDryRun)
            .setRequestId(ids.get().toString())
            .addAllConfigs(entries(topic.configs()));
    topic.partitions().ifPresent(request::setPartitionCount);
    topic.replicationFactor().ifPresent(request::setReplicationFactor);
    return request.build();
  }

  private static List<ConfigEntry> entries(SortedMap<String, String> configs) {
    return configs.entrySet().stream()
        .map(entry ->
            ConfigEntry.newBuilder().setKey(entry.getKey()).setValue(entry.getValue()).build())
        .toList();
  }

  CompletableFuture<Topic> describe(String topic) {
    return calls.getTopic(
        GetTopicRequest.newBuilder().setName(Descriptions.topicResource(topic)).build());
  }

  CompletableFuture<List<TopicDescription>> list(boolean withInternal) {
    return listFrom("", withInternal, List.of());
  }

  private CompletableFuture<List<TopicDescription>> listFrom(
      String page, boolean withInternal, List<TopicDescription> before) {
    var request =
        ListTopicsRequest.newBuilder()
            .setPageSize(PAGE_SIZE)
            .setPageToken(page)
            .setIncludeInternal(withInternal)
            .build();
    return calls
        .listTopics(request)
        .thenCompose(answer -> {
          var topics = new ArrayList<>(before);
          answer.getTopicsList().forEach(topic -> topics.add(Descriptions.topic(topic)));
          return answer.getNextPageToken().isEmpty()
              ? CompletableFuture.completedFuture(topics)
              : listFrom(answer.getNextPageToken(), withInternal, topics);
        });
  }

  CompletableFuture<Topic> addPartitions(String topic, int total, boolean isDryRun) {
    return calls.addPartitions(
        AddPartitionsRequest.newBuilder()
            .setName(Descriptions.topicResource(topic))
            .setPartitionCount(total)
            .setValidateOnly(isDryRun)
            .build());
  }

  CompletableFuture<Topic> alter(TopicChange change, boolean isDryRun) {
    return calls.alterTopicConfigs(
        AlterTopicConfigsRequest.newBuilder()
            .setName(Descriptions.topicResource(change.topic()))
            .addAllSet(entries(change.set()))
            .addAllUnset(change.unset())
            .setEtag(change.etag().orElse(""))
            .setValidateOnly(isDryRun)
            .build());
  }

  CompletableFuture<Void> delete(String topic, boolean isDryRun) {
    var request =
        DeleteTopicRequest.newBuilder()
            .setName(Descriptions.topicResource(topic))
            .setValidateOnly(isDryRun)
            .build();
    return calls.deleteTopic(request).thenAccept(empty -> {});
  }
}
