package dev.naru.broker.rpc;

import dev.naru.broker.loop.ReadPool;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.partition.ReadVerdict;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.broker.rpc.ServingNode.Found;
import dev.naru.broker.rpc.TimeReads.Outcome;
import dev.naru.proto.v1.OffsetAnswer;
import dev.naru.proto.v1.OffsetQuery;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** Answers where a partition begins, where it ends for readers, and which record is how old. */
final class OffsetLookup {

  private final ServingNode node;
  private final ReadPool pool;
  private final ReadFaults faults;

  OffsetLookup(ServingNode node, ReadPool pool, ReadFaults faults) {
    this.node = node;
    this.pool = pool;
    this.faults = faults;
  }

  /** Completes at once for the ends of the log; what is asked by time is read on the pool. */
  CompletableFuture<OffsetAnswer> answer(OffsetQuery query) {
    var id = ProtoIds.partition(query.getTopicId(), query.getPartition());
    if (id.isEmpty()) {
      return refused(
          query,
          query.getPartition() < 0
              ? new Refused(
                  ErrorCode.PARTITION_NOT_FOUND,
                  "Expected a partition >= 0, but was " + query.getPartition())
              : new Refused(ErrorCode.TOPIC_NOT_FOUND, "Expected a topic id, but was all zeros"),
          Optional.empty());
    }
    if (query.hasLeaderEpoch() && query.getLeaderEpoch() < 0) {
      return refused(
          query,
          new Refused(
              ErrorCode.INVALID_REQUEST,
              "Expected a leader epoch >= 0, but was " + query.getLeaderEpoch()),
          Optional.empty());
    }
    return switch (node.find(id.get(), query.hasLeaderEpoch())) {
      case Found.Elsewhere(var why, var leader) -> refused(query, why, leader);
      case Found.Here here -> look(query, here);
    };
  }

  private CompletableFuture<OffsetAnswer> look(OffsetQuery query, Found.Here here) {
    var view = here.view();
    var known =
        query.hasLeaderEpoch()
            ? Optional.of(new LeaderEpoch(query.getLeaderEpoch()))
            : Optional.<LeaderEpoch>empty();
    // Whoever may read at the log's start may ask about it: the same checks of leader and epoch.
    if (view.admit(view.log().start(), known, Optional.empty())
        instanceof ReadVerdict.Denied(var why)) {
      return refused(
          query, why, why.code() == ErrorCode.NOT_LEADER ? view.leader() : Optional.empty());
    }
    return switch (query.getPositionCase()) {
      case EARLIEST -> found(query, view, view.log().start());
      case LATEST ->
          view.isNewestOffsetKnown()
              ? found(query, view, view.highWatermark())
              : refused(query, notAvailable(view), Optional.empty());
      case TIMESTAMP_MS -> byTime(query, here);
      case POSITION_NOT_SET ->
          refused(
              query,
              new Refused(
                  ErrorCode.INVALID_REQUEST,
                  "Expected earliest, latest or a timestamp, but none was asked for"),
              Optional.empty());
    };
  }

  private static Refused notAvailable(PartitionView view) {
    if (view.isBehind()) {
      return new Refused(
          ErrorCode.OFFSET_NOT_AVAILABLE,
          "Expected all that Naru knew to be written to %s, but it is still being written"
              .formatted(view.id()));
    }
    return new Refused(
        ErrorCode.OFFSET_NOT_AVAILABLE,
        "Expected the high watermark of %s to be at least %d, where leader epoch %s starts, but it is %d"
            .formatted(view.id(), view.epochStart(), view.leaderEpoch(), view.highWatermark()));
  }

  private CompletableFuture<OffsetAnswer> byTime(OffsetQuery query, Found.Here here) {
    try {
      return CompletableFuture.supplyAsync(() -> read(query, here), pool);
    } catch (RejectedExecutionException e) {
      return refused(
          query,
          new Refused(
              ErrorCode.TOO_MANY_REQUESTS, "Expected room in the queue of reads, but it is full"),
          Optional.empty());
    }
  }

  private OffsetAnswer read(OffsetQuery query, Found.Here here) {
    try {
      return switch (TimeReads.find(here.seat(), here.view(), query.getTimestampMs())) {
        case Outcome.Known(var record, var view) -> {
          var answer = ok(query, view);
          record.ifPresent(
              found -> answer.setOffset(found.offset()).setTimestampMs(found.timestampMillis()));
          yield answer.build();
        }
        case Outcome.Unknown(var why) -> refusal(query, why, Optional.empty());
      };
    } catch (RuntimeException e) {
      return refusal(query, faults.readFailed(here.seat().id(), e), Optional.empty());
    }
  }

  private static CompletableFuture<OffsetAnswer> found(
      OffsetQuery query, PartitionView view, long offset) {
    return CompletableFuture.completedFuture(ok(query, view).setOffset(offset).build());
  }

  private static OffsetAnswer.Builder ok(OffsetQuery query, PartitionView view) {
    return named(query)
        .setError(ProtoIds.code(ErrorCode.NONE))
        .setLeaderEpoch(view.leaderEpoch().value());
  }

  private CompletableFuture<OffsetAnswer> refused(
      OffsetQuery query, Refused why, Optional<KnownLeader> leader) {
    return CompletableFuture.completedFuture(refusal(query, why, leader));
  }

  private OffsetAnswer refusal(OffsetQuery query, Refused why, Optional<KnownLeader> leader) {
    var answer = named(query).setError(ProtoIds.code(why.code())).setErrorMessage(why.reason());
    leader.flatMap(node::hint).ifPresent(answer::setLeader);
    return answer.build();
  }

  private static OffsetAnswer.Builder named(OffsetQuery query) {
    return OffsetAnswer.newBuilder()
        .setTopicId(query.getTopicId())
        .setPartition(query.getPartition());
  }
}
