package dev.naru.broker.peer;

import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.replica.ToLeader;
import dev.naru.broker.rpc.ErrorStatus;
import dev.naru.broker.rpc.ReadyThreshold;
import dev.naru.broker.transport.EventLoops;
import dev.naru.broker.transport.HandOver;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.log.Applied;
import dev.naru.proto.internal.v1.FollowerMessage;
import dev.naru.proto.internal.v1.LeaderMessage;
import dev.naru.proto.internal.v1.OpenReplication;
import dev.naru.proto.internal.v1.Subscribe;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import dev.naru.wire.DataStream;
import dev.naru.wire.WithBatches;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes the streams of followers: checks who calls whom, and brings their messages to the
 * partitions.
 */
public final class ReplicationService {

  private static final Logger LOG = LogManager.getLogger(ReplicationService.class);

  /**
   * Messages of a follower that are not yet dealt with: they are small, and coalesced at the
   * source.
   */
  private static final int REQUESTED_MAX = 64;

  private final NodeId self;
  private final Supplier<Applied> applied;
  private final FollowerLinks links;

  /** What a registered node serves with. */
  private record Serving(LocalNode self, PartitionDirectory directory) {}

  /** Set once, when this node is registered; read by event loops. */
  private volatile @Nullable Serving serving;

  /** Refuses every stream until it {@linkplain #serve serves}. */
  public ReplicationService(NodeId self, Supplier<Applied> applied, FollowerLinks links) {
    this.self = self;
    this.applied = applied;
    this.links = links;
  }

  /** From now on takes the followers of these partitions. */
  public void serve(LocalNode registered, PartitionDirectory directory) {
    serving = new Serving(registered, directory);
  }

  /** For the listener. */
  public ServerServiceDefinition definition() {
    return DataStream.REPLICATE
        .sendingBy(HandOver.SENDER)
        .serve(responses ->
            new Stream(
                (ServerCallStreamObserver<WithBatches<LeaderMessage>>) responses,
                EventLoops.current()));
  }

  private Optional<Refused> check(OpenReplication open) {
    ClusterImage image = applied.get().image();
    if (serving == null) {
      return refused(
          ErrorCode.NODE_STARTING,
          "Expected node " + self + " to be registered, but it is starting");
    }
    if (!open.getClusterId().equals(image.clusterId()) || open.getLeader() != self.value()) {
      return refused(
          ErrorCode.DIRECTORY_MISMATCH,
          "Expected a caller of node %s of cluster %s, but it looks for node %d of cluster %s"
              .formatted(self, image.clusterId(), open.getLeader(), open.getClusterId()));
    }
    if (open.getFollower() < 0 || open.getFollowerEpoch() < 0) {
      return refused(ErrorCode.INVALID_REQUEST, "Expected a node id and epoch >= 0");
    }
    var registered = image.node(new NodeId(open.getFollower())).map(NodeImage::epoch);
    var claimed = new NodeEpoch(open.getFollowerEpoch());
    if (registered.isEmpty() || registered.get().isBefore(claimed)) {
      return refused(
          ErrorCode.UNKNOWN_NODE_EPOCH,
          "Expected node %d under an epoch this node has applied, but was %s"
              .formatted(open.getFollower(), claimed));
    }
    return claimed.equals(registered.get())
        ? Optional.empty()
        : refused(
            ErrorCode.FENCED_NODE_EPOCH,
            "Expected node %d under epoch %s, but was %s"
                .formatted(open.getFollower(), registered.get(), claimed));
  }

  private static Optional<Refused> refused(ErrorCode code, String reason) {
    return Optional.of(new Refused(code, reason));
  }

  /** An opened stream and the partitions that it is for. */
  private record Standing(FollowerLink link, PartitionDirectory directory) {}

  /** One stream, before and after its first message. Owned by its event loop. */
  private final class Stream implements StreamObserver<FollowerMessage> {

    private final ServerCallStreamObserver<WithBatches<LeaderMessage>> call;
    private final ScheduledExecutorService eventLoop;
    private @Nullable Standing standing;
    private boolean isOver;

    Stream(
        ServerCallStreamObserver<WithBatches<LeaderMessage>> call,
        ScheduledExecutorService eventLoop) {
      this.call = call;
      this.eventLoop = eventLoop;
      call.disableAutoRequest();
      call.setOnReadyThreshold(ReadyThreshold.BYTES);
      call.setOnReadyHandler(this::pump);
      call.setOnCancelHandler(this::closed);
      call.request(REQUESTED_MAX);
    }

    @Override
    public void onNext(FollowerMessage message) {
      if (isOver) {
        return;
      }
      try {
        received(message);
        call.request(1);
      } catch (IllegalArgumentException e) { // a field that no node of ours would send
        closed();
        call.onError(
            ErrorStatus.of(new Refused(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()))));
      }
    }

    private void received(FollowerMessage message) {
      var open = standing;
      if (open == null) {
        open(message);
        return;
      }
      var link = open.link();
      switch (message.getBodyCase()) {
        case SUBSCRIBE -> subscribe(open, message.getSubscribe());
        case ACKS ->
            message
                .getAcks()
                .getAcksList()
                .forEach(ack -> link.received(ReplicationCodec.decode(ack)));
        case CREDIT ->
            link.received(
                new ToLeader.CreditGrant(
                    message.getCredit().getSubscription(), message.getCredit().getBytes()));
        case UNSUBSCRIBE ->
            link.received(new ToLeader.Unsubscribe(message.getUnsubscribe().getSubscription()));
        case OPEN, BODY_NOT_SET ->
            throw new IllegalArgumentException(
                "Expected a message of an open stream, but was " + message.getBodyCase());
      }
    }

    private void open(FollowerMessage message) {
      if (!message.hasOpen()) {
        throw new IllegalArgumentException(
            "Expected OPEN as the first message, but was " + message.getBodyCase());
      }
      var follower = message.getOpen();
      var refused = check(follower);
      var ready = serving;
      if (refused.isPresent() || ready == null) {
        LOG.info(
            "Refused the stream of node {}: {}", follower.getFollower(), refused.orElseThrow());
        call.onNext(
            WithBatches.none(
                LeaderMessage.newBuilder()
                    .setRefused(ReplicationCodec.refused(refused.orElseThrow()))
                    .build()));
        closed();
        call.onCompleted();
        return;
      }
      var opened =
          new FollowerLink(
              new NodeId(follower.getFollower()),
              new NodeEpoch(follower.getFollowerEpoch()),
              call,
              eventLoop,
              links);
      standing = new Standing(opened, ready.directory());
      links.opened(opened);
      opened.opened(ready.self().epoch());
      LOG.info("Node {} (epoch {}) follows", opened.follower(), opened.followerEpoch());
    }

    private void subscribe(Standing open, Subscribe subscribe) {
      var request = ReplicationCodec.decode(subscribe);
      var seat = request.flatMap(asked -> open.directory().seat(asked.partition()));
      if (seat.isPresent()) {
        open.link().subscribe(seat.get(), request.orElseThrow());
      } else {
        open.link()
            .refuse(
                subscribe.getSubscription(),
                new Refused(
                    ErrorCode.UNKNOWN_LEADER_EPOCH,
                    "Expected a partition that node "
                        + self
                        + " holds, but it has applied none of that id yet"));
      }
    }

    private void pump() {
      var open = standing;
      if (open != null) {
        open.link().pump();
      }
    }

    private void closed() {
      var open = standing;
      if (open != null && !isOver) {
        open.link().closed();
        LOG.info("Node {} follows no more", open.link().follower());
      }
      isOver = true;
    }

    @Override
    public void onError(Throwable cause) {
      closed();
    }

    @Override
    public void onCompleted() {
      if (!isOver) {
        closed();
        call.onCompleted();
      }
    }
  }
}
