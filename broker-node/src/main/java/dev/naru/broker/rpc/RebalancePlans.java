package dev.naru.broker.rpc;

import dev.naru.metadata.balance.DiskUse;
import dev.naru.metadata.balance.Measured;
import dev.naru.metadata.balance.RebalanceAim;
import dev.naru.metadata.balance.RebalancePlanner;
import dev.naru.metadata.balance.RebalanceRequest;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.proto.admin.v1.NodeShare;
import dev.naru.proto.admin.v1.PlanRebalanceRequest;
import dev.naru.proto.admin.v1.PlannedChange;
import dev.naru.proto.admin.v1.RebalancePlan;
import dev.naru.proto.admin.v1.Share;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import io.grpc.Context;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import org.pcollections.TreePSet;

/** Plans what evens out the cluster, by what all nodes that serve say of their logs and disks. */
public final class RebalancePlans {

  private static final int TOPICS_MAX = 1_000;
  private static final int PARTITIONS_BY_DEFAULT = 1_000;

  private final Supplier<ClusterSnapshot> cluster;
  private final Function<NodeImage, CompletableFuture<StoredData>> storage;

  /** A plan takes a processor for a second or two, and asks all nodes: one at a time. */
  private final Semaphore turn = new Semaphore(1);

  /** Asks nodes this way. */
  public RebalancePlans(
      Supplier<ClusterSnapshot> cluster,
      Function<NodeImage, CompletableFuture<StoredData>> storage) {
    this.cluster = cluster;
    this.storage = storage;
  }

  /** Refused with {@code TOO_MANY_REQUESTS} while another plan is made here. */
  RebalancePlan plan(PlanRebalanceRequest request) {
    if (!turn.tryAcquire()) {
      throw ErrorStatus.of(
          new Refused(
              ErrorCode.TOO_MANY_REQUESTS,
              "Expected one plan at a time on a node, but another one is being made"));
    }
    try {
      return make(request);
    } finally {
      turn.release();
    }
  }

  private RebalancePlan make(PlanRebalanceRequest request) {
    var aim = aim(request);
    var measured = aim == RebalanceAim.LEADERS ? Measured.NOTHING : measure(cluster.get().image());
    var now = cluster.get(); // not older than what was measured
    var planned =
        RebalancePlanner.plan(
            now.image(),
            measured,
            new RebalanceRequest(
                aim, topics(now.image(), request), partitionsMax(request.getPartitionsMax())),
            Context.current()::isCancelled);
    if (Context.current().isCancelled()) {
      throw ErrorStatus.of(
          new Refused(ErrorCode.REQUEST_TIMEOUT, "Expected somebody to wait, but nobody does"));
    }
    var message =
        RebalancePlan.newBuilder()
            .setAim(request.getAim())
            .setMetadataIndex(now.index())
            .addAllNotes(planned.notes())
            .setCutShort(planned.isCutShort());
    planned.changes().forEach(change -> message.addChanges(encode(now.image(), change)));
    planned.nodes().forEach(node -> message.addNodes(encode(node)));
    return message.build();
  }

  private static RebalanceAim aim(PlanRebalanceRequest request) {
    return switch (request.getAim()) {
      case AIM_LEADERS -> RebalanceAim.LEADERS;
      case AIM_BYTES -> RebalanceAim.BYTES;
      case AIM_DISK -> RebalanceAim.DISK;
      case AIM_UNSPECIFIED, UNRECOGNIZED ->
          throw ErrorStatus.ofField(
              new Refused(
                  ErrorCode.INVALID_REQUEST,
                  "Expected AIM_LEADERS, AIM_BYTES or AIM_DISK, but was " + request.getAim()),
              "aim");
    };
  }

  private static int partitionsMax(int asked) {
    if (asked < 0) {
      throw ErrorStatus.ofField(
          new Refused(ErrorCode.INVALID_REQUEST, "Expected partitions_max >= 0, but was " + asked),
          "partitions_max");
    }
    return asked == 0 ? PARTITIONS_BY_DEFAULT : Math.min(asked, MetadataCommand.ENTRIES_MAX);
  }

  private static Optional<TreePSet<TopicId>> topics(
      ClusterImage image, PlanRebalanceRequest request) {
    if (request.getTopicsCount() > TOPICS_MAX) {
      throw ErrorStatus.of(
          new Refused(
              ErrorCode.LIMIT_EXCEEDED,
              "Expected at most %d topics, but were %d"
                  .formatted(TOPICS_MAX, request.getTopicsCount())));
    }
    return request.getTopicsCount() == 0
        ? Optional.empty()
        : Optional.of(
            TreePSet.from(
                request.getTopicsList().stream()
                    .map(name -> NamedTopics.find(image, name).id())
                    .toList()));
  }

  // ---- what nodes say

  /** All at once; one that does not answer is left out, and so found missing by the planner. */
  private Measured measure(ClusterImage image) {
    var asked = new TreeMap<NodeId, CompletableFuture<Optional<StoredData>>>();
    image.nodes().values().stream()
        .filter(NodeImage::isEligible)
        .forEach(node ->
            asked.put(
                node.id(), storage.apply(node).handle((data, _) -> Optional.ofNullable(data))));
    var all = CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new));
    Deadlines.await(
        all.thenApply(_ -> true),
        fault -> new Refused(ErrorCode.INTERNAL, "Expected answers of nodes, but: " + fault));
    var bytes = new TreeMap<PartitionId, Long>();
    var disks = new TreeMap<NodeId, DiskUse>();
    asked.forEach((node, answer) ->
        answer
            .join()
            .ifPresent(data -> {
              add(bytes, data.bytes());
              data.disk().ifPresent(use -> disks.put(node, use));
            }));
    if (disks.size() == asked.size()) {
      image.partitionIds().forEach(id -> bytes.putIfAbsent(id, 0L)); // smaller than all in a list
    }
    return Measured.of(bytes, disks);
  }

  private static void add(Map<PartitionId, Long> all, SortedMap<PartitionId, Long> more) {
    more.forEach((id, size) -> all.merge(id, size, Math::max));
  }

  // ---- as the API has it

  private static PlannedChange encode(
      ClusterImage image, dev.naru.metadata.balance.PlannedChange change) {
    var message =
        PlannedChange.newBuilder()
            .setTopic(
                TopicCodec.resourceName(
                    image.topic(change.partition().topic()).map(TopicImage::name).orElse("")))
            .setTopicUid(change.partition().topic().toString())
            .setPartition(change.partition().partition())
            .setPartitionEpoch(change.epoch().value())
            .addAllFrom(values(change.from()))
            .addAllTo(values(change.to()))
            .setBytes(change.bytes())
            .setWhy(change.why());
    change.leader().ifPresent(leader -> message.setLeader(leader.value()));
    return message.build();
  }

  private static List<Integer> values(Collection<NodeId> nodes) {
    return nodes.stream().map(NodeId::value).toList();
  }

  private static NodeShare encode(dev.naru.metadata.balance.NodeShare share) {
    return NodeShare.newBuilder()
        .setNode(share.node().value())
        .setBefore(encode(share.before()))
        .setAfter(encode(share.after()))
        .build();
  }

  private static Share encode(dev.naru.metadata.balance.NodeShare.Share share) {
    var message =
        Share.newBuilder()
            .setLeaders(share.leaders())
            .setReplicas(share.replicas())
            .setBytes(share.bytes());
    share.diskUsed().ifPresent(message::setDiskUsed);
    return message.build();
  }
}
