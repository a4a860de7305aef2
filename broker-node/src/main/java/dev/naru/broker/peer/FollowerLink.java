package dev.naru.broker.peer;

import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.partition.PartitionInput.FollowerLost;
import dev.naru.broker.partition.PartitionInput.FromFollower;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.replica.ToFollower;
import dev.naru.broker.replica.ToFollower.BatchesFrame;
import dev.naru.broker.replica.ToFollower.Refusal;
import dev.naru.broker.replica.ToFollower.TruncateOrder;
import dev.naru.broker.replica.ToFollower.WatermarkFrame;
import dev.naru.broker.replica.ToLeader;
import dev.naru.broker.rpc.ReadyThreshold;
import dev.naru.proto.internal.v1.LeaderMessage;
import dev.naru.proto.internal.v1.ReplicationOpened;
import dev.naru.proto.internal.v1.Watermarks;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import dev.naru.wire.WithBatches;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One follower node's stream, with all the partitions that it follows here. The event loop of the
 * connection owns it; {@link #send} and {@link #whenRoom} come from loops.
 *
 * <p>What waits to be sent is bounded by the credit of the subscriptions, and well before that the
 * reads that feed followers from files are held back: so a slow follower of many partitions costs
 * {@link #QUEUED_BYTES_HIGH}, not the sum of their credits.
 */
final class FollowerLink {

  /**
   * A stream that has so much waiting is not fed from files: twice what the transport takes at
   * once.
   */
  private static final long QUEUED_BYTES_HIGH = 2L * ReadyThreshold.BYTES;

  private final NodeId follower;
  private final NodeEpoch followerEpoch;
  private final ServerCallStreamObserver<WithBatches<LeaderMessage>> call;
  private final Executor eventLoop;
  private final FollowerLinks links;

  private final ConcurrentLinkedQueue<ToFollower> outbox = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Runnable> heldReads = new ConcurrentLinkedQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicBoolean pumpScheduled = new AtomicBoolean();

  // Owned by the event loop.
  private final Map<Long, PartitionSeat> subscriptions = new HashMap<>();
  private final Map<Long, WatermarkFrame> watermarks = new LinkedHashMap<>();
  private boolean isClosed;

  FollowerLink(
      NodeId follower,
      NodeEpoch followerEpoch,
      ServerCallStreamObserver<WithBatches<LeaderMessage>> call,
      Executor eventLoop,
      FollowerLinks links) {
    this.follower = follower;
    this.followerEpoch = followerEpoch;
    this.call = call;
    this.eventLoop = eventLoop;
    this.links = links;
  }

  NodeId follower() {
    return follower;
  }

  NodeEpoch followerEpoch() {
    return followerEpoch;
  }

  void opened(NodeEpoch leaderNodeEpoch) {
    call.onNext(
        WithBatches.none(
            LeaderMessage.newBuilder()
                .setOpened(
                    ReplicationOpened.newBuilder().setLeaderNodeEpoch(leaderNodeEpoch.value()))
                .build()));
  }

  // ---- from the follower, on the event loop

  /**
   * A partition's following begins. The partition answers, at the latest when it has taken its
   * seat.
   */
  void subscribe(PartitionSeat seat, ToLeader.SubscribeRequest request) {
    var id = id(request.subscription());
    subscriptions.put(request.subscription(), seat);
    links.live(id, this);
    seat.follow(
        new FromFollower(id, request), () -> refuse(request.subscription(), notServed(seat)));
  }

  private static Refused notServed(PartitionSeat seat) {
    return new Refused(
        ErrorCode.UNKNOWN_LEADER_EPOCH, "Expected " + seat + " to be served here, but it is not");
  }

  /** Something about a subscription that began earlier; of one that is over it is dropped. */
  void received(ToLeader message) {
    Optional.ofNullable(subscriptions.get(message.subscription()))
        .ifPresent(seat -> seat.tell(new FromFollower(id(message.subscription()), message)));
    if (message instanceof ToLeader.Unsubscribe) {
      forget(message.subscription());
    }
  }

  /** The subscription cannot begin. */
  void refuse(long subscription, Refused why) {
    send(new Refusal(subscription, why));
  }

  // ---- to the follower, from any thread

  void send(ToFollower message) {
    if (message instanceof BatchesFrame frame) {
      frame.batches().retain();
      queuedBytes.addAndGet(frame.batches().size());
    }
    outbox.add(message);
    schedulePump();
  }

  /** Starts the read now, or when less waits to be sent. */
  void whenRoom(Runnable read) {
    if (queuedBytes.get() < QUEUED_BYTES_HIGH) {
      read.run();
    } else {
      heldReads.add(read);
      schedulePump(); // room may have come back between the look and the line above
    }
  }

  private void schedulePump() {
    if (pumpScheduled.compareAndSet(false, true)) {
      try {
        eventLoop.execute(this::pump);
      } catch (RejectedExecutionException e) {
        // The event loops are gone, and with them the stream.
        pumpScheduled.set(false);
        for (var message = outbox.poll(); message != null; message = outbox.poll()) {
          leaves(message);
        }
      }
    }
  }

  /** Sends what the stream takes, in order; watermarks that follow each other go together. */
  void pump() {
    pumpScheduled.set(false);
    while (!outbox.isEmpty() && (isClosed || call.isReady())) {
      var message = outbox.remove();
      if (message instanceof WatermarkFrame frame) {
        watermarks.put(frame.subscription(), frame);
        continue;
      }
      sendWatermarks();
      sendNow(message);
    }
    if (call.isReady()) {
      sendWatermarks();
    }
    for (var read = nextHeldRead(); read != null; read = nextHeldRead()) {
      read.run();
    }
  }

  private @Nullable Runnable nextHeldRead() {
    return isClosed || queuedBytes.get() < QUEUED_BYTES_HIGH ? heldReads.poll() : null;
  }

  private void sendNow(ToFollower message) {
    if (message instanceof Refusal || message instanceof TruncateOrder) {
      forget(message.subscription()); // it ends with this
    }
    try {
      if (!isClosed) {
        call.onNext(ReplicationCodec.encode(message));
      }
    } finally {
      leaves(message);
    }
  }

  private void leaves(ToFollower message) {
    if (message instanceof BatchesFrame frame) {
      queuedBytes.addAndGet(-frame.batches().size());
      frame.batches().release();
    }
  }

  private void sendWatermarks() {
    if (!watermarks.isEmpty() && !isClosed) {
      var message = Watermarks.newBuilder();
      watermarks.values().forEach(frame -> message.addWatermarks(ReplicationCodec.encode(frame)));
      call.onNext(WithBatches.none(LeaderMessage.newBuilder().setWatermarks(message).build()));
    }
    watermarks.clear();
  }

  private void forget(long subscription) {
    subscriptions.remove(subscription);
    links.over(id(subscription));
  }

  /** Ends the stream for a reason that concerns all of it. */
  void end(Refused why) {
    eventLoop.execute(() -> {
      if (!isClosed) {
        call.onNext(
            WithBatches.none(
                LeaderMessage.newBuilder().setRefused(ReplicationCodec.refused(why)).build()));
        call.onCompleted();
        closed();
      }
    });
  }

  /** The stream is gone: every subscription it carried is lost. On the event loop. */
  void closed() {
    if (!isClosed) {
      isClosed = true;
      subscriptions.forEach((number, seat) -> {
        links.over(id(number));
        seat.tell(new FollowerLost(id(number)));
      });
      subscriptions.clear();
      links.gone(this);
      pump();
    }
  }

  private SubscriptionId id(long subscription) {
    return new SubscriptionId(follower, followerEpoch, subscription);
  }
}
