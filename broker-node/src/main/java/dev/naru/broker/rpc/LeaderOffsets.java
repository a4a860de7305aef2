package dev.naru.broker.rpc;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.proto.v1.Earliest;
import dev.naru.proto.v1.Latest;
import dev.naru.proto.v1.OffsetAnswer;
import dev.naru.proto.v1.OffsetQuery;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Finds where partitions begin and end, and which of their records is the first of a time. Their
 * leaders know it, on this node and on others. For threads that may wait.
 */
final class LeaderOffsets {

  /** A leader reads a few blocks for each; one that takes longer is cut off, or paused. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

  private final NodeId self;
  private final GroupPeers peers;
  private final Function<List<OffsetQuery>, CompletableFuture<List<OffsetAnswer>>> here;

  /**
   * Asks these.
   *
   * @param here answers for partitions that this node leads
   */
  LeaderOffsets(
      NodeId self,
      GroupPeers peers,
      Function<List<OffsetQuery>, CompletableFuture<List<OffsetAnswer>>> here) {
    this.self = self;
    this.peers = peers;
    this.here = here;
  }

  /**
   * What was found in a partition.
   *
   * @param start the first offset that is kept
   * @param end the high watermark
   * @param atTime the first record of the time that was asked for, or of a later one
   */
  record Found(long start, long end, OptionalLong atTime) {}

  /**
   * All of these, which exist in the image.
   *
   * @param wanted a time each, if a record is looked for
   * @throws StatusRuntimeException if one cannot be found now, and why
   */
  SortedMap<PartitionId, Found> find(
      ClusterImage image, SortedMap<PartitionId, OptionalLong> wanted) {
    var byLeader = new TreeMap<NodeId, SortedMap<PartitionId, OptionalLong>>();
    wanted.forEach((partition, time) ->
        byLeader
            .computeIfAbsent(leaderOf(image, partition), node -> new TreeMap<>())
            .put(partition, time));
    var asked = new TreeMap<NodeId, List<CompletableFuture<List<OffsetAnswer>>>>();
    byLeader.forEach(
        (node, partitions) -> asked.put(node, askInPortions(image, node, queries(partitions))));
    var found = new TreeMap<PartitionId, Found>();
    asked.forEach((node, portions) -> {
      var answers = new ArrayList<OffsetAnswer>();
      portions.forEach(portion -> answers.addAll(await(node, portion)));
      found.putAll(read(byLeader.getOrDefault(node, new TreeMap<>()), answers));
    });
    return found;
  }

  private static NodeId leaderOf(ClusterImage image, PartitionId partition) {
    return image
        .partition(partition)
        .flatMap(entry -> entry.leader())
        .filter(leader -> image.node(leader).isPresent())
        .orElseThrow(() ->
            ErrorStatus.of(
                new Refused(
                    ErrorCode.LEADER_NOT_AVAILABLE,
                    "Expected %s to have a leader, but it has none now"
                        .formatted(image.nameOf(partition)))));
  }

  private static List<OffsetQuery> queries(SortedMap<PartitionId, OptionalLong> partitions) {
    var queries = new ArrayList<OffsetQuery>();
    partitions.forEach((partition, time) -> {
      var query =
          OffsetQuery.newBuilder()
              .setTopicId(ProtoIds.uuid(partition.topic()))
              .setPartition(partition.partition());
      queries.add(query.setEarliest(Earliest.getDefaultInstance()).build());
      queries.add(query.setLatest(Latest.getDefaultInstance()).build());
      time.ifPresent(millis -> queries.add(query.setTimestampMs(millis).build()));
    });
    return queries;
  }

  private List<CompletableFuture<List<OffsetAnswer>>> askInPortions(
      ClusterImage image, NodeId node, List<OffsetQuery> queries) {
    var portions = new ArrayList<CompletableFuture<List<OffsetAnswer>>>();
    for (int from = 0; from < queries.size(); from += GroupAdmin.QUERIES_MAX) {
      var portion = queries.subList(from, Math.min(queries.size(), from + GroupAdmin.QUERIES_MAX));
      portions.add(
          node.equals(self)
              ? here.apply(portion)
              : peers.findOffsets(image.node(node).orElseThrow(), portion, limit()));
    }
    return portions;
  }

  private static Duration limit() {
    var left = Duration.ofMillis(Math.max(1, Deadlines.leftMillis()));
    return left.compareTo(ANSWER_MAX) < 0 ? left : ANSWER_MAX;
  }

  private static List<OffsetAnswer> await(
      NodeId node, CompletableFuture<List<OffsetAnswer>> portion) {
    return Deadlines.await(
        portion,
        fault ->
            new Refused(
                ErrorCode.LEADER_NOT_AVAILABLE,
                "Expected node %s to find offsets in what it leads, but: %s"
                    .formatted(node, fault.getMessage())));
  }

  private static SortedMap<PartitionId, Found> read(
      SortedMap<PartitionId, OptionalLong> partitions, List<OffsetAnswer> answers) {
    var rest = answers.iterator();
    var found = new TreeMap<PartitionId, Found>();
    partitions.forEach((partition, time) -> {
      long start = offset(partition, rest.next()).orElse(0);
      long end = offset(partition, rest.next()).orElse(start);
      var at = time.isPresent() ? offset(partition, rest.next()) : OptionalLong.empty();
      found.put(partition, new Found(start, end, at));
    });
    return found;
  }

  private static OptionalLong offset(PartitionId partition, OffsetAnswer answer) {
    var error = ProtoIds.code(answer.getErrorValue());
    if (error != ErrorCode.NONE) {
      throw ErrorStatus.of(
          new Refused(
              error == ErrorCode.NOT_LEADER ? ErrorCode.LEADER_NOT_AVAILABLE : error,
              "Expected an offset of %s, but: %s".formatted(partition, answer.getErrorMessage())));
    }
    return answer.hasOffset() ? OptionalLong.of(answer.getOffset()) : OptionalLong.empty();
  }
}
