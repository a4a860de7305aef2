package dev.naru.client.admin;

import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.transport.AdminCalls;
import dev.naru.client.transport.ClientLoop;
import dev.naru.proto.admin.v1.ConfigEntry;
import dev.naru.proto.admin.v1.ConfirmedLoss;
import dev.naru.proto.admin.v1.CreateTopicRequest;
import dev.naru.proto.admin.v1.CreateTopicsRequest;
import dev.naru.proto.admin.v1.DeleteTopicRequest;
import dev.naru.proto.admin.v1.ElectLeadersRequest;
import dev.naru.proto.admin.v1.GetClusterRequest;
import dev.naru.proto.admin.v1.GetTopicRequest;
import dev.naru.proto.admin.v1.ListNodesRequest;
import dev.naru.proto.admin.v1.ListTopicsRequest;
import dev.naru.proto.admin.v1.PartitionName;
import dev.naru.proto.admin.v1.RecoverPartitionRequest;
import dev.naru.proto.admin.v1.TruncatePartitionRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Looks at topics, nodes and the cluster, and changes topics. Any thread may call it. Futures
 * complete on the client's callback thread and fail with a {@link dev.naru.client.NaruException},
 * whose code says why, at the latest after {@code request.timeout.ms}.
 *
 * <p>Any node answers. A call that can do no harm twice is put to another one for some seconds when
 * nodes are starting or a controller is being elected; so {@code METADATA_QUORUM_LOST} and {@code
 * BOOTSTRAP_UNREACHABLE} mean that this did not help.
 */
public final class Admin {

  private static final int PAGE_SIZE = 1000; // the most that a node returns
  private static final int CREATED_TOGETHER_MAX = 1000; // the most that a node takes
  private static final int ELECTED_TOGETHER_MAX = 1000; // the most that a node takes

  private final AdminCalls calls;
  private final ClientLoop loop;
  private final Executor callbackThread;
  private final Supplier<UUID> ids;

  /** Belongs to the client whose parts these are; applications call {@code NaruClient.admin}. */
  public Admin(AdminCalls calls, ClientLoop loop, Executor callbackThread, Supplier<UUID> ids) {
    this.calls = calls;
    this.loop = loop;
    this.callbackThread = callbackThread;
    this.ids = ids;
  }

  /**
   * Creates a topic. Fails with {@code TOPIC_ALREADY_EXISTS}, {@code INVALID_TOPIC_NAME}, {@code
   * INVALID_PARTITIONS}, {@code INVALID_REPLICATION_FACTOR}, {@code NOT_ENOUGH_REPLICAS} or {@code
   * INVALID_CONFIG}. When it completes, the node that answered knows the topic; others hear of it
   * within moments.
   */
  public CompletableFuture<TopicDescription> createTopic(NewTopic topic) {
    return createTopic(topic, false);
  }

  /** Says what creating the topic would give, or why it would be refused. Creates nothing. */
  public CompletableFuture<TopicDescription> validateCreateTopic(NewTopic topic) {
    return createTopic(topic, true);
  }

  /**
   * Creates many topics, for little more than the cost of one. Each is created, or fails, for
   * itself, as by {@link #createTopic}; the futures are in the order of the topics.
   */
  public List<CompletableFuture<TopicDescription>> createTopics(List<NewTopic> topics) {
    var created = new ArrayList<CompletableFuture<TopicDescription>>();
    for (int from = 0; from < topics.size(); from += CREATED_TOGETHER_MAX) {
      var request = CreateTopicsRequest.newBuilder();
      topics.stream()
          .skip(from)
          .limit(CREATED_TOGETHER_MAX)
          .forEach(topic -> request.addTopics(requestFor(topic, false)));
      calls
          .createTopics(request.build())
          .forEach(call -> created.add(answer(call, Descriptions::topic)));
    }
    return created;
  }

  private CompletableFuture<TopicDescription> createTopic(NewTopic topic, boolean isDryRun) {
    return answer(calls.createTopic(requestFor(topic, isDryRun)), Descriptions::topic);
  }

  private CreateTopicRequest requestFor(NewTopic topic, boolean isDryRun) {
    var request =
        CreateTopicRequest.newBuilder()
            .setTopic(topic.name())
            .setValidateOnly(isDryRun)
            .setRequestId(ids.get().toString());
    topic.partitions().ifPresent(request::setPartitionCount);
    topic.replicationFactor().ifPresent(request::setReplicationFactor);
    topic
        .configs()
        .forEach((key, value) ->
            request.addConfigs(ConfigEntry.newBuilder().setKey(key).setValue(value)));
    return request.build();
  }

  /** Describes a topic; {@code TOPIC_NOT_FOUND} if there is none of that name. */
  public CompletableFuture<TopicDescription> describeTopic(String topic) {
    var request = GetTopicRequest.newBuilder().setName(Descriptions.topicResource(topic)).build();
    return answer(calls.getTopic(request), Descriptions::topic);
  }

  /** All topics of applications, by name. */
  public CompletableFuture<List<TopicDescription>> listTopics() {
    return answer(topicsFrom("", false, List.of()), Function.identity());
  }

  /** All topics, those that Naru keeps for itself too, by name. */
  public CompletableFuture<List<TopicDescription>> listAllTopics() {
    return answer(topicsFrom("", true, List.of()), Function.identity());
  }

  private CompletableFuture<List<TopicDescription>> topicsFrom(
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
              : topicsFrom(answer.getNextPageToken(), withInternal, topics);
        });
  }

  /**
   * Deletes a topic and its records; {@code TOPIC_NOT_FOUND} if there is none of that name. After
   * {@code REQUEST_TIMEOUT} it may be deleted or not.
   */
  public CompletableFuture<Void> deleteTopic(String topic) {
    return deleteTopic(topic, false);
  }

  /** Says whether deleting the topic would be refused. Deletes nothing. */
  public CompletableFuture<Void> validateDeleteTopic(String topic) {
    return deleteTopic(topic, true);
  }

  private CompletableFuture<Void> deleteTopic(String topic, boolean isDryRun) {
    var request =
        DeleteTopicRequest.newBuilder()
            .setName(Descriptions.topicResource(topic))
            .setValidateOnly(isDryRun)
            .build();
    return answer(calls.deleteTopic(request).thenAccept(empty -> {}), Function.identity());
  }

  /**
   * Deletes the records of a partition before this position, for good. Fails with {@code
   * OFFSET_OUT_OF_RANGE} for an offset above the high watermark, and with {@code TOPIC_NOT_FOUND}
   * or {@code PARTITION_NOT_FOUND}. A partition that begins there or later already is left as it
   * is. When it completes no reader finds those records at the leader, and the new start is on its
   * disk; files go as whole segments, a moment later.
   */
  public CompletableFuture<PartitionStart> truncate(TopicPartition partition, Position before) {
    return truncate(partition, before, false);
  }

  /** Says where the partition would begin, or why that would be refused. Deletes nothing. */
  public CompletableFuture<PartitionStart> validateTruncate(
      TopicPartition partition, Position before) {
    return truncate(partition, before, true);
  }

  private CompletableFuture<PartitionStart> truncate(
      TopicPartition partition, Position before, boolean isDryRun) {
    var request =
        TruncatePartitionRequest.newBuilder()
            .setTopic(Descriptions.topicResource(partition.topic()))
            .setPartition(partition.partition())
            .setValidateOnly(isDryRun);
    if (before instanceof Position.Offset at) {
      request.setOffset(at.offset());
    } else if (before instanceof Position.Time at) {
      request.setTimestampMs(at.time().toEpochMilli());
    } else if (before instanceof Position.End) {
      request.setEverything(true);
    } else {
      request.setOffset(0);
    }
    return answer(
        calls.truncatePartition(request.build()),
        done -> new PartitionStart(partition, done.getOldLogStart(), done.getLogStart()));
  }

  /**
   * Lets the preferred leaders of these partitions lead, each the first of its replicas, where they
   * are in sync. Nothing can be lost by it. What became of each is in the order of the partitions;
   * one that is named twice is answered once.
   */
  public CompletableFuture<List<LeaderElection>> electPreferredLeaders(
      Collection<TopicPartition> partitions) {
    return answer(elect(partitions, false), Function.identity());
  }

  /** Says who would lead. Changes nothing. */
  public CompletableFuture<List<LeaderElection>> validateElectPreferredLeaders(
      Collection<TopicPartition> partitions) {
    return answer(elect(partitions, true), Function.identity());
  }

  /** One request after the other, so that a node is not given all at once. */
  private CompletableFuture<List<LeaderElection>> elect(
      Collection<TopicPartition> partitions, boolean isDryRun) {
    var all = List.copyOf(new LinkedHashSet<>(partitions));
    CompletableFuture<List<LeaderElection>> done = CompletableFuture.completedFuture(List.of());
    for (int from = 0; from < all.size(); from += ELECTED_TOGETHER_MAX) {
      var some = all.subList(from, Math.min(all.size(), from + ELECTED_TOGETHER_MAX));
      done =
          done.thenCompose(before ->
              electTogether(some, isDryRun)
                  .thenApply(elected -> Stream.concat(before.stream(), elected.stream()).toList()));
    }
    return done;
  }

  private CompletableFuture<List<LeaderElection>> electTogether(
      List<TopicPartition> partitions, boolean isDryRun) {
    var request = ElectLeadersRequest.newBuilder().setValidateOnly(isDryRun);
    partitions.forEach(partition ->
        request.addPartitions(
            PartitionName.newBuilder()
                .setTopic(Descriptions.topicResource(partition.topic()))
                .setPartition(partition.partition())));
    return calls
        .electLeaders(request.build())
        .thenApply(response ->
            IntStream.range(0, partitions.size())
                .mapToObj(i -> Descriptions.election(partitions.get(i), response.getResults(i)))
                .toList());
  }

  /**
   * Asks the replicas of a partition that has nobody safe left what they hold, and says what would
   * be lost if each of them led. Changes nothing. Fails with {@code INVALID_REQUEST} if the
   * partition has a leader, or waits for replicas that are coming back.
   */
  public CompletableFuture<RecoveryPlan> planRecovery(TopicPartition partition) {
    return answer(
        calls.recoverPartition(recovery(partition).setValidateOnly(true).build()),
        planned -> Descriptions.plan(partition, planned));
  }

  /**
   * Lets this replica lead, and gives up for good what others have more: the loss that the plan
   * shows. Fails with {@code PARTITION_EPOCH_MISMATCH}, having changed nothing, if that is no
   * longer the loss: plan again. When no outcome is known, plan again too: a partition with a
   * leader is recovered.
   *
   * @throws IllegalArgumentException if the candidate cannot lead
   */
  public CompletableFuture<RecoveredPartition> recover(
      TopicPartition partition, RecoveryCandidate candidate) {
    var loss =
        candidate
            .loss()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "Expected a candidate that can lead, but node "
                        + candidate.node()
                        + " cannot: "
                        + candidate.whyNot().orElse("no reason")));
    var confirmed =
        ConfirmedLoss.newBuilder().setEnd(candidate.end()).setLoss(Descriptions.range(loss));
    candidate.lastEpoch().ifPresent(confirmed::setLastEpoch);
    return answer(
        calls.recoverPartition(
            recovery(partition).setNode(candidate.node()).setConfirmed(confirmed).build()),
        done -> Descriptions.recovered(partition, done));
  }

  private static RecoverPartitionRequest.Builder recovery(TopicPartition partition) {
    return RecoverPartitionRequest.newBuilder()
        .setTopic(Descriptions.topicResource(partition.topic()))
        .setPartition(partition.partition());
  }

  /** Describes the cluster. */
  public CompletableFuture<ClusterDescription> describeCluster() {
    return answer(calls.getCluster(GetClusterRequest.getDefaultInstance()), Descriptions::cluster);
  }

  /** All registered nodes, by id. */
  public CompletableFuture<List<NodeDescription>> listNodes() {
    return answer(nodesFrom("", List.of()), Function.identity());
  }

  private CompletableFuture<List<NodeDescription>> nodesFrom(
      String page, List<NodeDescription> before) {
    var request = ListNodesRequest.newBuilder().setPageSize(PAGE_SIZE).setPageToken(page).build();
    return calls
        .listNodes(request)
        .thenCompose(answer -> {
          var nodes = new ArrayList<>(before);
          answer.getNodesList().forEach(node -> nodes.add(Descriptions.node(node)));
          return answer.getNextPageToken().isEmpty()
              ? CompletableFuture.completedFuture(nodes)
              : nodesFrom(answer.getNextPageToken(), nodes);
        });
  }

  /** What nodes have set aside: the bytes that are no longer part of a log. */
  public Salvage salvage() {
    return new Salvage(this, calls);
  }

  /**
   * Hands over to the callback thread, so that callers see neither the loop nor a wrapped
   * exception.
   */
  <A, R> CompletableFuture<R> answer(CompletableFuture<A> call, Function<A, R> description) {
    var result = new CompletableFuture<R>();
    loop.whenDone(
        call.thenApply(description),
        described -> callBack(() -> result.complete(described)),
        failure -> callBack(() -> result.completeExceptionally(failure)));
    return result;
  }

  private void callBack(Runnable completion) {
    try {
      callbackThread.execute(completion);
    } catch (RejectedExecutionException e) { // the client is closed, but its futures still end
      completion.run();
    }
  }
}
