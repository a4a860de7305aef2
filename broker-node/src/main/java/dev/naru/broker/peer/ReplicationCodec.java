package dev.naru.broker.peer;

import dev.naru.broker.replica.ForgottenDeletions;
import dev.naru.broker.replica.LogTail;
import dev.naru.broker.replica.ToFollower;
import dev.naru.broker.replica.ToFollower.AcceptOrder;
import dev.naru.broker.replica.ToFollower.BatchesFrame;
import dev.naru.broker.replica.ToFollower.Refusal;
import dev.naru.broker.replica.ToFollower.TruncateOrder;
import dev.naru.broker.replica.ToFollower.WatermarkFrame;
import dev.naru.broker.replica.ToLeader.CreditGrant;
import dev.naru.broker.replica.ToLeader.ProgressReport;
import dev.naru.broker.replica.ToLeader.SubscribeRequest;
import dev.naru.broker.rpc.ProtoIds;
import dev.naru.log.epoch.EpochEnd;
import dev.naru.proto.internal.v1.Accept;
import dev.naru.proto.internal.v1.Batches;
import dev.naru.proto.internal.v1.Credit;
import dev.naru.proto.internal.v1.FollowerMessage;
import dev.naru.proto.internal.v1.LeaderMessage;
import dev.naru.proto.internal.v1.ReplicaAck;
import dev.naru.proto.internal.v1.ReplicationRefused;
import dev.naru.proto.internal.v1.Subscribe;
import dev.naru.proto.internal.v1.Truncate;
import dev.naru.proto.internal.v1.Unsubscribe;
import dev.naru.record.BatchBytes;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.wire.WithBatches;
import java.util.Optional;
import java.util.OptionalInt;

/** The messages of replication between their values and their wire form. */
final class ReplicationCodec {

  private ReplicationCodec() {}

  // ---- from follower to leader

  static FollowerMessage encode(SubscribeRequest request) {
    var tail = request.tail();
    var subscribe =
        Subscribe.newBuilder()
            .setSubscription(request.subscription())
            .setTopicId(ProtoIds.uuid(request.partition().topic()))
            .setPartition(request.partition().partition())
            .setLeaderEpoch(request.leaderEpoch().value())
            .setPartitionEpoch(request.partitionEpoch().value())
            .setEnd(tail.end())
            .setDurableEnd(tail.durableEnd())
            .setLogStart(tail.start())
            .setCleanBelow(tail.cleanBelow())
            .setCreditBytes(request.creditBytes());
    tail.lastEpoch().ifPresent(epoch -> subscribe.setLastEpoch(epoch.value()));
    tail.lastCrc().ifPresent(subscribe::setLastBatchCrc);
    return FollowerMessage.newBuilder().setSubscribe(subscribe).build();
  }

  static ReplicaAck encode(ProgressReport report) {
    return ReplicaAck.newBuilder()
        .setSubscription(report.subscription())
        .setLeaderEpoch(report.leaderEpoch().value())
        .setEnd(report.end())
        .setDurableEnd(report.durableEnd())
        .setLogStart(report.logStart())
        .build();
  }

  static FollowerMessage encode(CreditGrant grant) {
    return FollowerMessage.newBuilder()
        .setCredit(
            Credit.newBuilder().setSubscription(grant.subscription()).setBytes(grant.bytes()))
        .build();
  }

  static FollowerMessage unsubscribe(long subscription) {
    return FollowerMessage.newBuilder()
        .setUnsubscribe(Unsubscribe.newBuilder().setSubscription(subscription))
        .build();
  }

  /** Empty when the message names no partition that could exist. */
  static Optional<SubscribeRequest> decode(Subscribe subscribe) {
    return ProtoIds.partition(subscribe.getTopicId(), subscribe.getPartition())
        .map(partition -> decode(subscribe, partition));
  }

  private static SubscribeRequest decode(Subscribe subscribe, PartitionId partition) {
    return new SubscribeRequest(
        subscribe.getSubscription(),
        partition,
        new LeaderEpoch(subscribe.getLeaderEpoch()),
        new PartitionEpoch(subscribe.getPartitionEpoch()),
        new LogTail(
            subscribe.getLogStart(),
            subscribe.getEnd(),
            subscribe.getDurableEnd(),
            subscribe.hasLastEpoch()
                ? Optional.of(new LeaderEpoch(subscribe.getLastEpoch()))
                : Optional.empty(),
            subscribe.hasLastBatchCrc()
                ? OptionalInt.of(subscribe.getLastBatchCrc())
                : OptionalInt.empty(),
            subscribe.getCleanBelow()),
        subscribe.getCreditBytes());
  }

  static ProgressReport decode(ReplicaAck ack) {
    return new ProgressReport(
        ack.getSubscription(),
        new LeaderEpoch(ack.getLeaderEpoch()),
        ack.getEnd(),
        ack.getDurableEnd(),
        ack.getLogStart());
  }

  // ---- from leader to follower

  static WithBatches<LeaderMessage> encode(ToFollower message) {
    return switch (message) {
      case Refusal(long subscription, var why) ->
          WithBatches.none(
              LeaderMessage.newBuilder()
                  .setRefused(refused(why).setSubscription(subscription))
                  .build());
      case TruncateOrder(long subscription, var epoch, var point) ->
          WithBatches.none(
              LeaderMessage.newBuilder()
                  .setTruncate(
                      Truncate.newBuilder()
                          .setSubscription(subscription)
                          .setLeaderEpoch(epoch.value())
                          .setEpoch(point.epoch().value())
                          .setEnd(point.endOffset()))
                  .build());
      case AcceptOrder accept ->
          WithBatches.none(LeaderMessage.newBuilder().setAccept(encode(accept)).build());
      case BatchesFrame(long subscription, var epoch, long watermark, long logStart, var batches) ->
          new WithBatches<>(
              LeaderMessage.newBuilder()
                  .setHeader(header(subscription, epoch, watermark, logStart))
                  .build(),
              batches);
      case WatermarkFrame frame ->
          WithBatches.none(
              LeaderMessage.newBuilder()
                  .setHeader(encode(frame)) // a header without batches says the same
                  .build());
    };
  }

  private static Accept.Builder encode(AcceptOrder order) {
    var accept =
        Accept.newBuilder()
            .setSubscription(order.subscription())
            .setLeaderEpoch(order.leaderEpoch().value())
            .setFrom(order.from())
            .setStartOver(order.startOver())
            .setLogStart(order.logStart())
            .setPurgedBelow(order.forgotten().purgedBelow())
            .setCleanBelow(order.forgotten().cleanBelow())
            .setMoreProducers(order.hasMore());
    order.producers().forEach(producer -> accept.addProducers(ProducerCodec.encode(producer)));
    return accept;
  }

  static Batches encode(WatermarkFrame frame) {
    return header(
        frame.subscription(), frame.leaderEpoch(), frame.highWatermark(), frame.logStart());
  }

  private static Batches header(
      long subscription, LeaderEpoch epoch, long highWatermark, long logStart) {
    return Batches.newBuilder()
        .setSubscription(subscription)
        .setLeaderEpoch(epoch.value())
        .setHighWatermark(highWatermark)
        .setLogStart(logStart)
        .build();
  }

  static ReplicationRefused.Builder refused(Refused why) {
    return ReplicationRefused.newBuilder()
        .setError(ProtoIds.code(why.code()))
        .setErrorMessage(why.reason());
  }

  static Refused decode(ReplicationRefused refused) {
    return new Refused(ProtoIds.code(refused.getErrorValue()), refused.getErrorMessage());
  }

  static TruncateOrder decode(Truncate truncate) {
    return new TruncateOrder(
        truncate.getSubscription(),
        new LeaderEpoch(truncate.getLeaderEpoch()),
        new EpochEnd(new LeaderEpoch(truncate.getEpoch()), truncate.getEnd()));
  }

  static AcceptOrder decode(Accept accept) {
    return new AcceptOrder(
        accept.getSubscription(),
        new LeaderEpoch(accept.getLeaderEpoch()),
        accept.getFrom(),
        accept.getStartOver(),
        accept.getLogStart(),
        new ForgottenDeletions(accept.getPurgedBelow(), accept.getCleanBelow()),
        accept.getProducersList().stream().map(ProducerCodec::decode).toList(),
        accept.getMoreProducers());
  }

  static BatchesFrame decode(Batches header, BatchBytes batches) {
    return new BatchesFrame(
        header.getSubscription(),
        new LeaderEpoch(header.getLeaderEpoch()),
        header.getHighWatermark(),
        header.getLogStart(),
        batches);
  }

  static WatermarkFrame decode(Batches watermark) {
    return new WatermarkFrame(
        watermark.getSubscription(),
        new LeaderEpoch(watermark.getLeaderEpoch()),
        watermark.getHighWatermark(),
        watermark.getLogStart());
  }
}
