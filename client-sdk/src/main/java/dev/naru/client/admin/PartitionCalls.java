package dev.naru.client.admin;

import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.OffsetAndTime;
import dev.naru.client.transport.AdminCalls;
import dev.naru.client.transport.MetadataCalls.Kind;
import dev.naru.client.transport.OffsetLookup;
import dev.naru.client.transport.OffsetLookup.Wanted;
import dev.naru.proto.admin.v1.ConfirmedLoss;
import dev.naru.proto.admin.v1.ElectLeadersRequest;
import dev.naru.proto.admin.v1.PartitionName;
import dev.naru.proto.admin.v1.RecoverPartitionRequest;
import dev.naru.proto.admin.v1.TruncatePartitionRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What {@link Admin} asks about partitions. Its futures complete on the client's loop. */
final class PartitionCalls {

  private static final int ELECTED_TOGETHER_MAX = 1000; // the most that a node takes

  /** Each of them waits for the disks of a partition's replicas: more would only wait in nodes. */
  private static final int TRUNCATED_TOGETHER_MAX = 32;

  private final AdminCalls calls;
  private final OffsetLookup offsets;

  PartitionCalls(AdminCalls calls, OffsetLookup offsets) {
    this.calls = calls;
    this.offsets = offsets;
  }

  CompletableFuture<PartitionStart> truncate(
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
    return calls
        .truncatePartition(request.build())
        .thenApply(
            done -> new PartitionStart(partition, done.getOldLogStart(), done.getLogStart()));
  }

  /** Some at once, and each of the others after one before it, whatever became of that. */
  Map<TopicPartition, CompletableFuture<PartitionStart>> truncate(
      Map<TopicPartition, Position> before) {
    var truncated = new LinkedHashMap<TopicPartition, CompletableFuture<PartitionStart>>();
    var lanes = new ArrayList<CompletableFuture<PartitionStart>>();
    before.forEach((partition, position) -> {
      int lane = truncated.size() % TRUNCATED_TOGETHER_MAX;
      if (lane == lanes.size()) {
        lanes.add(truncate(partition, position, false));
      } else {
        var over = lanes.get(lane).handle((start, failure) -> true);
        lanes.set(lane, over.thenCompose(any -> truncate(partition, position, false)));
      }
      truncated.put(partition, lanes.get(lane));
    });
    return truncated;
  }

  CompletableFuture<SortedMap<TopicPartition, Long>> ends(
      Collection<TopicPartition> partitions, Kind kind) {
    var wanted = new TreeMap<TopicPartition, Wanted>();
    partitions.forEach(partition -> wanted.put(partition, Wanted.of(kind)));
    return offsets
        .find(wanted)
        .thenApply(found -> {
          var ends = new TreeMap<TopicPartition, Long>();
          found.forEach(
              (partition, at) -> at.offset().ifPresent(offset -> ends.put(partition, offset)));
          return ends;
        });
  }

  /** Those without such a record are absent. */
  CompletableFuture<SortedMap<TopicPartition, OffsetAndTime>> atTimes(
      Map<TopicPartition, Instant> times) {
    var wanted = new TreeMap<TopicPartition, Wanted>();
    times.forEach(
        (partition, time) -> wanted.put(partition, new Wanted(Kind.TIME, time.toEpochMilli())));
    return offsets
        .find(wanted)
        .thenApply(found -> {
          var records = new TreeMap<TopicPartition, OffsetAndTime>();
          found.forEach((partition, at) ->
              at.offset()
                  .ifPresent(offset ->
                      at.timestampMillis()
                          .ifPresent(time ->
                              records.put(
                                  partition,
                                  new OffsetAndTime(offset, Instant.ofEpochMilli(time))))));
          return records;
        });
  }

  /** One request after the other, so that a node is not given all at once. */
  CompletableFuture<List<LeaderElection>> elect(
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

  CompletableFuture<RecoveryPlan> planRecovery(TopicPartition partition) {
    return calls
        .recoverPartition(recovery(partition).setValidateOnly(true).build())
        .thenApply(planned -> Descriptions.plan(partition, planned));
  }

  /** See {@link Admin#recover}. */
  CompletableFuture<RecoveredPartition> recover(
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
    return calls
        .recoverPartition(
            recovery(partition).setNode(candidate.node()).setConfirmed(confirmed).build())
        .thenApply(done -> Descriptions.recovered(partition, done));
  }

  private static RecoverPartitionRequest.Builder recovery(TopicPartition partition) {
    return RecoverPartitionRequest.newBuilder()
        .setTopic(Descriptions.topicResource(partition.topic()))
        .setPartition(partition.partition());
  }
}
