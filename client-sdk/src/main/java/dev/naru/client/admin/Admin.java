package dev.naru.client.admin;

import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.OffsetAndTime;
import dev.naru.client.transport.AdminCalls;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.MetadataCalls.Kind;
import dev.naru.client.transport.OffsetLookup;
import dev.naru.proto.admin.v1.GetClusterRequest;
import dev.naru.proto.admin.v1.ListNodesRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Looks at topics, groups, nodes and the cluster, and changes topics and groups. Any thread may
 * call it. Futures complete on the client's callback thread and fail with a {@link
 * dev.naru.client.NaruException}, whose code says why, at the latest after {@code
 * request.timeout.ms}.
 *
 * <p>Any node answers. A call that can do no harm twice is put to another one for some seconds when
 * nodes are starting or a controller is being elected; so {@code METADATA_QUORUM_LOST} and {@code
 * BOOTSTRAP_UNREACHABLE} mean that this did not help.
 */
public final class Admin {

  private static final int PAGE_SIZE = 1000; // the most that a node returns

  private final AdminCalls calls;
  private final ClientLoop loop;
  private final Executor callbackThread;
  private final Supplier<UUID> ids;
  private final TopicCalls topics;
  private final PartitionCalls partitions;
  private final LoadCalls loads;
  private final GroupCalls groups;

  /** Belongs to the client whose parts these are; applications call {@code NaruClient.admin}. */
  public Admin(
      AdminCalls calls,
      OffsetLookup offsets,
      ClientLoop loop,
      Executor callbackThread,
      Supplier<UUID> ids) {
    this.calls = calls;
    this.loop = loop;
    this.callbackThread = callbackThread;
    this.ids = ids;
    this.topics = new TopicCalls(calls, ids);
    this.partitions = new PartitionCalls(calls, offsets);
    this.loads = new LoadCalls(calls.nodes());
    this.groups = new GroupCalls(calls.groups());
  }

  /**
   * Creates a topic. Fails with {@code TOPIC_ALREADY_EXISTS}, {@code INVALID_TOPIC_NAME}, {@code
   * INVALID_PARTITIONS}, {@code INVALID_REPLICATION_FACTOR}, {@code NOT_ENOUGH_REPLICAS} or {@code
   * INVALID_CONFIG}. When it completes, the node that answered knows the topic; others hear of it
   * within moments.
   */
  public CompletableFuture<TopicDescription> createTopic(NewTopic topic) {
    return answer(topics.create(topic, false), Descriptions::topic);
  }

  /** Says what creating the topic would give, or why it would be refused. Creates nothing. */
  public CompletableFuture<TopicDescription> validateCreateTopic(NewTopic topic) {
    return answer(topics.create(topic, true), Descriptions::topic);
  }

  /**
   * Creates many topics, for little more than the cost of one. Each is created, or fails, for
   * itself, as by {@link #createTopic}; the futures are in the order of the topics.
   */
  public List<CompletableFuture<TopicDescription>> createTopics(List<NewTopic> wanted) {
    return topics.create(wanted).stream().map(call -> answer(call, Descriptions::topic)).toList();
  }

  /** Describes a topic; {@code TOPIC_NOT_FOUND} if there is none of that name. */
  public CompletableFuture<TopicDescription> describeTopic(String topic) {
    return answer(topics.describe(topic), Descriptions::topic);
  }

  /** All topics of applications, by name. */
  public CompletableFuture<List<TopicDescription>> listTopics() {
    return answer(topics.list(false), Function.identity());
  }

  /** All topics, those that Naru keeps for itself too, by name. */
  public CompletableFuture<List<TopicDescription>> listAllTopics() {
    return answer(topics.list(true), Function.identity());
  }

  /**
   * Gives a topic so many partitions in all, at least as many as it has; as many change nothing.
   * Records stay where they are. A key may be in another partition from then on, of which the
   * warning {@code KEYS_MOVE} reminds: whoever needs the order of a key across the change lets
   * consumers read to the end first. Producers and consumers of other clients find the new ones
   * after {@code metadata.max.age.ms} at the latest.
   *
   * <p>Fails with {@code PARTITIONS_CANNOT_SHRINK}, whose message says what to do instead, with
   * {@code INVALID_PARTITIONS}, {@code LIMIT_EXCEEDED}, {@code NOT_ENOUGH_REPLICAS}, {@code
   * TOPIC_NOT_FOUND}, or {@code NOT_AUTHORIZED} for a topic of Naru's own.
   */
  public CompletableFuture<TopicDescription> addPartitions(String topic, int total) {
    return answer(topics.addPartitions(topic, total, false), Descriptions::topic);
  }

  /** Says what the topic would be with so many partitions, or why not. Changes nothing. */
  public CompletableFuture<TopicDescription> validateAddPartitions(String topic, int total) {
    return answer(topics.addPartitions(topic, total, true), Descriptions::topic);
  }

  /**
   * Changes settings of a topic, all of them or none. They hold at once, also for records that are
   * there: a shorter {@code retention.ms} deletes. Fails with {@code INVALID_CONFIG}, which names
   * everything that is wrong, with {@code ETAG_MISMATCH} if the change names an etag and the topic
   * has another one, with {@code TOPIC_NOT_FOUND}, or {@code NOT_AUTHORIZED} for a topic of Naru's
   * own. After {@code REQUEST_TIMEOUT} it may be made or not.
   */
  public CompletableFuture<TopicDescription> alterTopic(TopicChange change) {
    return answer(topics.alter(change, false), Descriptions::topic);
  }

  /** Says what the topic would be after the change, or why not. Changes nothing. */
  public CompletableFuture<TopicDescription> validateAlterTopic(TopicChange change) {
    return answer(topics.alter(change, true), Descriptions::topic);
  }

  /**
   * Deletes a topic and its records; {@code TOPIC_NOT_FOUND} if there is none of that name. After
   * {@code REQUEST_TIMEOUT} it may be deleted or not.
   */
  public CompletableFuture<Void> deleteTopic(String topic) {
    return answer(topics.delete(topic, false), Function.identity());
  }

  /** Says whether deleting the topic would be refused. Deletes nothing. */
  public CompletableFuture<Void> validateDeleteTopic(String topic) {
    return answer(topics.delete(topic, true), Function.identity());
  }

  /**
   * Deletes the records of a partition before this position, for good. Fails with {@code
   * OFFSET_OUT_OF_RANGE} for an offset above the high watermark, and with {@code TOPIC_NOT_FOUND}
   * or {@code PARTITION_NOT_FOUND}. A partition that begins there or later already is left as it
   * is. When it completes no reader finds those records at the leader, and the new start is on its
   * disk; files go as whole segments, a moment later.
   */
  public CompletableFuture<PartitionStart> truncate(TopicPartition partition, Position before) {
    return answer(partitions.truncate(partition, before, false), Function.identity());
  }

  /** Says where the partition would begin, or why that would be refused. Deletes nothing. */
  public CompletableFuture<PartitionStart> validateTruncate(
      TopicPartition partition, Position before) {
    return answer(partitions.truncate(partition, before, true), Function.identity());
  }

  /**
   * Deletes the records of many partitions, each before its position, as {@link #truncate} does;
   * each for itself. The futures are in the order of the partitions. A few dozen are under way at
   * once, and each has {@code request.timeout.ms} from its turn on.
   */
  public Map<TopicPartition, CompletableFuture<PartitionStart>> deleteRecords(
      Map<TopicPartition, Position> before) {
    var deleted = new LinkedHashMap<TopicPartition, CompletableFuture<PartitionStart>>();
    partitions
        .truncate(before)
        .forEach((partition, call) -> deleted.put(partition, answer(call, Function.identity())));
    return deleted;
  }

  /**
   * The first offset that is kept, for each of these. Fails with {@code TOPIC_NOT_FOUND} or {@code
   * PARTITION_NOT_FOUND} if one is not there, and with {@code REQUEST_TIMEOUT} if one has no leader
   * for so long; then nothing is said of the others.
   */
  public CompletableFuture<SortedMap<TopicPartition, Long>> beginningOffsets(
      Collection<TopicPartition> of) {
    return answer(partitions.ends(of, Kind.EARLIEST), Function.identity());
  }

  /** The high watermark, for each of these; fails as {@link #beginningOffsets}. */
  public CompletableFuture<SortedMap<TopicPartition, Long>> endOffsets(
      Collection<TopicPartition> of) {
    return answer(partitions.ends(of, Kind.LATEST), Function.identity());
  }

  /**
   * The first record at or after a time, for each of these; partitions without one are absent.
   * Fails as {@link #beginningOffsets}.
   */
  public CompletableFuture<SortedMap<TopicPartition, OffsetAndTime>> offsetsForTimes(
      Map<TopicPartition, Instant> times) {
    return answer(partitions.atTimes(times), Function.identity());
  }

  /**
   * Lets the preferred leaders of these partitions lead, each the first of its replicas, where they
   * are in sync. Nothing can be lost by it. What became of each is in the order of the partitions;
   * one that is named twice is answered once.
   */
  public CompletableFuture<List<LeaderElection>> electPreferredLeaders(
      Collection<TopicPartition> of) {
    return answer(partitions.elect(of, false), Function.identity());
  }

  /** Says who would lead. Changes nothing. */
  public CompletableFuture<List<LeaderElection>> validateElectPreferredLeaders(
      Collection<TopicPartition> of) {
    return answer(partitions.elect(of, true), Function.identity());
  }

  /**
   * Asks the replicas of a partition that has nobody safe left what they hold, and says what would
   * be lost if each of them led. Changes nothing. Fails with {@code INVALID_REQUEST} if the
   * partition has a leader, or waits for replicas that are coming back.
   */
  public CompletableFuture<RecoveryPlan> planRecovery(TopicPartition partition) {
    return answer(partitions.planRecovery(partition), Function.identity());
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
    return answer(partitions.recover(partition, candidate), Function.identity());
  }

  /**
   * What producers send to each partition, as its leader has measured it in the last minutes. Every
   * node is asked; one that does not answer in three quarters of {@code request.timeout.ms} is
   * named with the reason, and fails nothing.
   */
  public CompletableFuture<LoadListing> partitionLoads() {
    long until = calls.nodes().shareOfTimeout();
    return answer(
        listNodes().thenCompose(nodes -> loads.ask(nodes, "", until)), Function.identity());
  }

  /** The same of one topic; {@code TOPIC_NOT_FOUND} if there is none of that name. */
  public CompletableFuture<LoadListing> partitionLoads(String topic) {
    long until = calls.nodes().shareOfTimeout();
    return answer(
        topics
            .describe(topic)
            .thenCompose(found -> listNodes())
            .thenCompose(nodes -> loads.ask(nodes, topic, until)),
        Function.identity());
  }

  /**
   * All groups by name, whatever they are and do. Those whose coordinator loads, or does not answer
   * within some seconds, are missing, and a warning says so.
   */
  public CompletableFuture<GroupListing> listGroups() {
    return listGroups(List.of());
  }

  /** Those in one of these states. */
  public CompletableFuture<GroupListing> listGroups(Collection<GroupSummary.State> states) {
    return answer(groups.list(states), Function.identity());
  }

  /**
   * Describes a group with its members and all its offsets; {@code GROUP_NOT_FOUND} if there is
   * none of that id. What is told is no older than the question, but for the lag, which its
   * coordinator measures every few seconds.
   */
  public CompletableFuture<GroupDescription> describeGroup(String group) {
    return answer(groups.describe(group), Function.identity());
  }

  /**
   * Lets a group without members go on at these positions; others stay as they are. A group that
   * does not exist is made. The changes are by topic and partition.
   *
   * <p>Fails with {@code GROUP_NOT_EMPTY} while it has members, those that are away included, with
   * {@code OFFSET_OUT_OF_RANGE} for an offset that is not kept, with {@code TOPIC_NOT_FOUND},
   * {@code PARTITION_NOT_FOUND}, {@code INVALID_GROUP_ID}, or {@code LIMIT_EXCEEDED} for more than
   * 10,000 partitions; then nothing has changed. After {@code REQUEST_TIMEOUT} or {@code
   * COORDINATOR_NOT_AVAILABLE} it may be done or not.
   */
  public CompletableFuture<List<OffsetChange>> resetOffsets(
      String group, Map<TopicPartition, Position> to) {
    return answer(groups.reset(group, to, false), Function.identity());
  }

  /** Says what resetting the offsets would change, or why it would be refused. Changes nothing. */
  public CompletableFuture<List<OffsetChange>> validateResetOffsets(
      String group, Map<TopicPartition, Position> to) {
    return answer(groups.reset(group, to, true), Function.identity());
  }

  /**
   * Deletes a group without members, and its offsets. Fails with {@code GROUP_NOT_FOUND} or {@code
   * GROUP_NOT_EMPTY}. After {@code REQUEST_TIMEOUT} or {@code COORDINATOR_NOT_AVAILABLE} it may be
   * done or not.
   */
  public CompletableFuture<Void> deleteGroup(String group) {
    return answer(groups.delete(group, false), Function.identity());
  }

  /** Says whether deleting the group would be refused. Deletes nothing. */
  public CompletableFuture<Void> validateDeleteGroup(String group) {
    return answer(groups.delete(group, true), Function.identity());
  }

  /**
   * Forgets offsets that a group has committed, such as those of a topic that it reads no more: it
   * is behind there no longer. Whoever reads these partitions for the group later begins where
   * {@code auto.offset.reset} says. With its last offset goes a group that has no members. Answers
   * which offsets they were; partitions where nothing was committed are absent.
   *
   * <p>Fails with {@code GROUP_NOT_EMPTY} while a member subscribes to one of these topics, with
   * {@code GROUP_NOT_FOUND}, {@code TOPIC_NOT_FOUND}, {@code PARTITION_NOT_FOUND}, or {@code
   * LIMIT_EXCEEDED} for more than 10,000 partitions; then nothing has changed. After {@code
   * REQUEST_TIMEOUT} or {@code COORDINATOR_NOT_AVAILABLE} it may be done, in part, or not.
   */
  public CompletableFuture<SortedMap<TopicPartition, Long>> deleteOffsets(
      String group, Collection<TopicPartition> of) {
    return answer(groups.deleteOffsets(group, of, false), Function.identity());
  }

  /** Says which offsets would be forgotten, or why they would not. Changes nothing. */
  public CompletableFuture<SortedMap<TopicPartition, Long>> validateDeleteOffsets(
      String group, Collection<TopicPartition> of) {
    return answer(groups.deleteOffsets(group, of, true), Function.identity());
  }

  /**
   * Takes a member out of its group, such as one that is dead, without waiting for its session to
   * end. Others get its partitions at once. One that lives is told, and comes again; until it hears
   * of it, it goes on reading beside its successor, but its commits are refused.
   *
   * <p>Fails with {@code GROUP_NOT_FOUND}, or {@code FENCED_MEMBER} if it is none. After {@code
   * REQUEST_TIMEOUT} or {@code COORDINATOR_NOT_AVAILABLE} it may be done or not.
   */
  public CompletableFuture<Void> removeMember(String group, UUID member) {
    return answer(groups.remove(group, member), Function.identity());
  }

  /** The same for the member with this {@code group.instance.id}. */
  public CompletableFuture<Void> removeMember(String group, String instance) {
    return answer(groups.removeInstance(group, instance), Function.identity());
  }

  /** Describes the cluster. */
  public CompletableFuture<ClusterDescription> describeCluster() {
    return answer(calls.getCluster(GetClusterRequest.getDefaultInstance()), Descriptions::cluster);
  }

  /** All registered nodes, by id. */
  public CompletableFuture<List<NodeDescription>> listNodes() {
    return answer(nodes(), Function.identity());
  }

  /** The same for other parts of this client: it completes on the loop. */
  CompletableFuture<List<NodeDescription>> nodes() {
    return nodesFrom("", List.of());
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

  /** Settings of the cluster, of nodes and of topics, and which rules are in force. */
  public Configs configs() {
    return new Configs(this, calls);
  }

  /** What takes longer than a call: drains nodes, moves partitions, empties nodes. */
  public Operations operations() {
    return new Operations(this, calls, ids);
  }

  /** What the controller decided, and why. */
  public Events events() {
    return new Events(this, calls);
  }

  /** Who votes on the cluster's metadata. */
  public MetadataQuorum quorum() {
    return new MetadataQuorum(this, calls);
  }

  /** Plans what evens out the cluster, and carries plans out. */
  public Rebalancing rebalancing() {
    return new Rebalancing(this, calls, ids);
  }

  /** What nodes have set aside: the bytes that are no longer part of a log. */
  public Salvage salvage() {
    return new Salvage(this, calls.nodes());
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
