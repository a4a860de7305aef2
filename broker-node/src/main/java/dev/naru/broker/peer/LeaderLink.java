package dev.naru.broker.peer;

import dev.naru.broker.partition.PartitionInput.FromLeader;
import dev.naru.broker.partition.PartitionInput.LeaderLost;
import dev.naru.broker.replica.ToFollower;
import dev.naru.broker.replica.ToLeader;
import dev.naru.broker.transport.LoopExecutor;
import dev.naru.proto.internal.v1.FollowerMessage;
import dev.naru.proto.internal.v1.LeaderMessage;
import dev.naru.proto.internal.v1.OpenReplication;
import dev.naru.proto.internal.v1.ReplicaAck;
import dev.naru.proto.internal.v1.ReplicaAcks;
import dev.naru.proto.internal.v1.ReplicationRefused;
import dev.naru.record.BatchBytes;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.wire.WithBatches;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The stream to one node that leads partitions followed here, or may. It is opened by the first
 * subscription, or ahead of it, and stands until it breaks; then every subscription on it is lost,
 * and the partitions ask again. It is opened anew after a wait.
 *
 * <p>Threads: one event loop owns everything; {@link #send} comes from loops, and so does word of
 * batches that they have dealt with. Batches are asked of the transport only while fewer bytes than
 * {@link #UNREAD_BYTES_MAX} wait in mailboxes, whatever credit the partitions gave.
 */
final class LeaderLink {

  private static final Logger LOG = LogManager.getLogger(LeaderLink.class);

  /** A leader that has just died is tried again soon: its successor may be the same process. */
  private static final Duration RETRY_MIN = Duration.ofMillis(50);

  private static final Duration RETRY_MAX = Duration.ofMillis(500);

  /** Enough to keep a loop busy while the event loop is woken. */
  private static final long UNREAD_BYTES_MAX = 16 << 20;

  private final NodeId leader;
  private final PeerNode node;
  private final LeaderLinks links;
  private final LoopExecutor loop;

  private final ConcurrentLinkedQueue<ToLeader> outbox = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean pumpScheduled = new AtomicBoolean();
  private final UnreadBytes unread = new UnreadBytes(UNREAD_BYTES_MAX);

  // Owned by the event loop.
  private final Map<Long, PartitionId> subscriptions = new LinkedHashMap<>();
  private final Map<Long, ReplicaAck> acks = new LinkedHashMap<>();
  private final Backoff backoff = new Backoff(RETRY_MIN, RETRY_MAX);
  private @Nullable LeaderStream stream;
  private boolean isKeptOpen;
  private boolean isWaiting;
  private boolean isClosed;

  LeaderLink(NodeId leader, PeerNode node, LeaderLinks links, LoopExecutor loop) {
    this.leader = leader;
    this.node = node;
    this.links = links;
    this.loop = loop;
  }

  /** From any thread; the stream is open from now on also while nothing is sent on it. */
  void keepOpen() {
    loop.execute(() -> {
      isKeptOpen = true;
      if (stream == null && !isWaiting && !isClosed) {
        connect();
      }
    });
  }

  /** From any thread; messages of one subscription leave in the order in which they came. */
  void send(ToLeader message) {
    outbox.add(message);
    schedulePump();
  }

  private void schedulePump() {
    if (pumpScheduled.compareAndSet(false, true)) {
      loop.later(this::pump);
    }
  }

  private void pump() {
    pumpScheduled.set(false);
    var current = stream;
    if (isClosed) {
      outbox.clear();
    } else if (current == null) {
      dropUntilSubscription();
      if ((isKeptOpen || !outbox.isEmpty()) && !isWaiting) {
        connect();
      }
    } else {
      drainInto(current);
    }
  }

  /** Without a stream only a subscription means anything; what else waits belongs to lost ones. */
  private void dropUntilSubscription() {
    while (outbox.peek() != null && !(outbox.peek() instanceof ToLeader.SubscribeRequest)) {
      outbox.remove();
    }
  }

  private void connect() {
    var address = links.addressOf(leader);
    if (address.isEmpty()) {
      LOG.debug("Node {} is not in the image, so its partitions cannot be followed yet", leader);
      isKeptOpen = false;
      waitAndRetry();
      return;
    }
    var opening =
        LeaderStream.open(
            links.replicate(),
            node.open(address.get(), loop),
            loop,
            unread,
            this::received,
            this::broke);
    stream = opening;
    opening.send(
        FollowerMessage.newBuilder()
            .setOpen(
                OpenReplication.newBuilder()
                    .setClusterId(node.clusterId())
                    .setFollower(node.self().id().value())
                    .setFollowerEpoch(node.self().epoch().value())
                    .setLeader(leader.value()))
            .build());
    drainInto(opening);
  }

  private void waitAndRetry() {
    isWaiting = true;
    loop.after(
        backoff.failed(),
        () -> {
          isWaiting = false;
          pump();
        });
  }

  /**
   * These messages are small and bounded by the subscriptions, so they need not wait for readiness.
   */
  private void drainInto(LeaderStream open) {
    for (var message = outbox.poll(); message != null; message = outbox.poll()) {
      switch (message) {
        case ToLeader.ProgressReport report -> {
          if (subscriptions.containsKey(report.subscription())) {
            acks.put(report.subscription(), ReplicationCodec.encode(report));
          }
        }
        case ToLeader.SubscribeRequest request -> {
          subscriptions.put(request.subscription(), request.partition());
          open.send(ReplicationCodec.encode(request));
        }
        case ToLeader.CreditGrant grant -> {
          if (subscriptions.containsKey(grant.subscription())) {
            open.send(ReplicationCodec.encode(grant));
          }
        }
        case ToLeader.Unsubscribe(long subscription) -> {
          acks.remove(subscription);
          if (subscriptions.remove(subscription) != null) {
            open.send(ReplicationCodec.unsubscribe(subscription));
          }
        }
      }
    }
    if (!acks.isEmpty()) {
      open.send(
          FollowerMessage.newBuilder()
              .setAcks(ReplicaAcks.newBuilder().addAllAcks(acks.values()))
              .build());
      acks.clear();
    }
  }

  // ---- from the leader

  private void received(LeaderStream from, WithBatches<LeaderMessage> message) {
    if (stream != from) {
      return; // of a stream that is over
    }
    var header = message.header();
    switch (header.getBodyCase()) {
      case OPENED -> {
        backoff.succeeded();
        LOG.info("Follows node {} (epoch {})", leader, header.getOpened().getLeaderNodeEpoch());
      }
      case REFUSED -> refused(header.getRefused());
      case TRUNCATE -> {
        var order = ReplicationCodec.decode(header.getTruncate());
        deliver(order);
        subscriptions.remove(order.subscription());
      }
      case ACCEPT -> deliver(ReplicationCodec.decode(header.getAccept()));
      case HEADER -> received(header, message.batches());
      case WATERMARKS ->
          header
              .getWatermarks()
              .getWatermarksList()
              .forEach(watermark -> deliver(ReplicationCodec.decode(watermark)));
      case BODY_NOT_SET -> LOG.debug("Node {} sent a message of a kind not known here", leader);
    }
  }

  private void received(LeaderMessage header, BatchBytes batches) {
    if (batches.isEmpty()) {
      deliver(ReplicationCodec.decode(header.getHeader()));
      return;
    }
    int bytes = batches.size();
    unread.came(bytes);
    batches.retain();
    boolean isDelivered =
        deliver(
            ReplicationCodec.decode(header.getHeader(), batches),
            () -> {
              batches.release();
              dealtWith(bytes);
            });
    if (!isDelivered) {
      batches.release();
      dealtWith(bytes);
    }
  }

  /** From any thread. */
  private void dealtWith(int bytes) {
    if (unread.dealtWith(bytes)) {
      loop.execute(this::askForMore);
    }
  }

  private void askForMore() {
    var current = stream;
    if (current != null) {
      current.askForMore();
    }
  }

  private void deliver(ToFollower message) {
    var _ = deliver(message, () -> {});
  }

  /** Of a subscription that is over nothing is delivered. */
  private boolean deliver(ToFollower message, Runnable taken) {
    var partition = subscriptions.get(message.subscription());
    if (partition == null) {
      return false;
    }
    return links.deliver(partition, new FromLeader(leader, message), taken);
  }

  private void refused(ReplicationRefused refused) {
    var why = ReplicationCodec.decode(refused);
    if (refused.hasSubscription()) {
      deliver(new ToFollower.Refusal(refused.getSubscription(), why));
      subscriptions.remove(refused.getSubscription());
    } else if (why.code() == ErrorCode.FENCED_NODE_EPOCH) {
      links.fenced(why);
    } else {
      LOG.info("Node {} refused the stream: {}", leader, why);
    }
  }

  /** Everything on the stream is lost; the partitions ask again. */
  private void broke(LeaderStream broken, Status status) {
    if (stream != broken) {
      return;
    }
    stream = null;
    broken.abort();
    if (!subscriptions.isEmpty()) {
      LOG.info("The stream to node {} broke: {}", leader, describe(status));
    }
    List<Map.Entry<Long, PartitionId>> lost = new ArrayList<>(subscriptions.entrySet());
    subscriptions.clear();
    acks.clear();
    if (!isClosed) {
      waitAndRetry();
    }
    lost.forEach(
        entry -> links.deliver(entry.getValue(), new LeaderLost(leader, entry.getKey()), () -> {}));
  }

  private static String describe(Status status) {
    return status.getCode()
        + (status.getDescription() == null ? "" : ": " + status.getDescription());
  }

  /** Ends the stream for good. */
  void close() {
    loop.execute(() -> {
      isClosed = true;
      var current = stream;
      if (current != null) {
        current.complete();
        broke(current, Status.OK);
      }
    });
  }
}
