package dev.naru.broker.partition;

import dev.naru.broker.replica.LeaderEffect.Feed;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.replica.ToFollower.AcceptOrder;
import dev.naru.broker.replica.ToFollower.BatchesFrame;
import dev.naru.broker.replica.ToFollower.WatermarkFrame;
import dev.naru.log.producer.ProducerState;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchHeader;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Sends a leader's log to the followers it accepted: batches at the tail as they were received,
 * what lies further back through {@link Reads}; never more than a follower granted.
 */
final class FollowerFeeds {

  /** Large enough that a follower far behind is bound by the disk, small enough to share it. */
  private static final int READ_BYTES_MAX = MovePace.TAKEN_MAX;

  /** In one message, of some hundred bytes each. */
  static final int PRODUCERS_AT_ONCE = 5_000;

  private final HeldPartition held;
  private final LeaderEpoch epoch;
  private final Predicate<NodeId> isPaced;
  private final TailBuffers tail;
  private final Map<SubscriptionId, FollowerFeed> feeds = new LinkedHashMap<>();

  /**
   * Feeds nobody yet.
   *
   * @param isPaced whether a node is sent no more than moves may take
   */
  FollowerFeeds(HeldPartition held, LeaderEpoch epoch, Predicate<NodeId> isPaced) {
    this.held = held;
    this.epoch = epoch;
    this.isPaced = isPaced;
    tail = new TailBuffers(held.ports().tails());
  }

  /** Tells the follower that it is accepted; batches follow. */
  void begin(Feed accepted) {
    var order = accepted.order();
    accept(
        accepted.to(),
        order,
        accepted.beginsEmpty() ? held.log().producers().statesBelow(order.from()) : List.of());
    long next = Math.max(order.from(), held.log().start()); // which may lie inside a batch
    var feed = new FollowerFeed(accepted.to(), next, accepted.creditBytes(), order.logStart());
    feeds.put(accepted.to(), feed);
    pump(feed);
  }

  private void accept(SubscriptionId to, AcceptOrder order, List<ProducerState> known) {
    int told = 0;
    for (; known.size() - told > PRODUCERS_AT_ONCE; told += PRODUCERS_AT_ONCE) {
      var some = known.subList(told, told + PRODUCERS_AT_ONCE);
      held.ports().links().toFollower(to, order.telling(some, true));
    }
    held.ports().links().toFollower(to, order.telling(known.subList(told, known.size()), false));
  }

  void end(SubscriptionId subscription) {
    feeds.remove(subscription);
    trimTail();
  }

  void endAll() {
    feeds.clear();
    tail.clear();
  }

  Iterable<SubscriptionId> subscriptions() {
    return feeds.keySet();
  }

  /** This batch was just appended. */
  void appended(long firstOffset, BatchBytes batch) {
    if (feeds.isEmpty()) {
      return;
    }
    tail.append(firstOffset, batch);
    pumpAll();
    trimTail();
  }

  void granted(SubscriptionId subscription, long bytes) {
    var feed = feeds.get(subscription);
    if (feed != null) {
      feed.granted(bytes);
      pump(feed);
      trimTail();
    }
  }

  void readDone(SubscriptionId subscription, long from, BatchBytes batches) {
    var feed = feeds.get(subscription);
    if (feed == null || !feed.isReading() || feed.next() != from) {
      return; // the subscription ended while the read was under way
    }
    int taken = feed.readDone();
    if (taken > 0) {
      held.ports().pace().giveBack(taken - batches.size());
    }
    if (!batches.isEmpty()) {
      send(feed, batches, endOf(batches));
      pump(feed);
      trimTail();
    }
  }

  /** Tries again what found nothing to read. */
  void pumpAll() {
    feeds.values().forEach(this::pump);
  }

  /**
   * Tells followers of the high watermark that no batch took along. Nobody waits for it: clients
   * are served by leaders, and one that is elected finds out for itself. So it is worth a message
   * only when no batch comes for a while.
   */
  void sendWatermarks() {
    for (var feed : feeds.values()) {
      if (!hasHeard(feed)) {
        sendWatermark(feed);
      }
    }
  }

  /** The same of the start of the log, for which somebody waits who deletes records. */
  void sendLogStarts() {
    for (var feed : feeds.values()) {
      if (!feed.hasHeardOfStart(held.log().start())) {
        sendWatermark(feed);
      }
    }
  }

  /** Whether every follower was told of the high watermark, and of the start of the log. */
  boolean haveAllHeard() {
    return feeds.values().stream().allMatch(this::hasHeard);
  }

  private boolean hasHeard(FollowerFeed feed) {
    return feed.hasHeard(held.highWatermark(), held.log().start());
  }

  private void sendWatermark(FollowerFeed feed) {
    long highWatermark = held.highWatermark();
    long start = held.log().start();
    held.ports()
        .links()
        .toFollower(
            feed.subscription,
            new WatermarkFrame(feed.subscription.number(), epoch, highWatermark, start));
    feed.told(highWatermark, start);
  }

  /** All subscriptions have been sent everything below this offset. */
  long leastNext() {
    return feeds.values().stream().mapToLong(FollowerFeed::next).min().orElse(Long.MAX_VALUE);
  }

  /** A subscription whose next batch the log no longer holds. */
  Optional<SubscriptionId> leftBehind() {
    for (var feed : feeds.values()) {
      if (feed.next() < held.log().start()) {
        return Optional.of(feed.subscription);
      }
    }
    return Optional.empty();
  }

  private void pump(FollowerFeed feed) {
    while (feed.maySend() && feed.next() < held.log().end()) {
      var batch = tail.startingAt(feed.next());
      if (batch.isEmpty()) {
        read(feed);
        return;
      }
      if (isPaced(feed) && !held.ports().pace().take(batch.get().size(), held.nowNanos())) {
        return; // it is tried again with the next tick
      }
      send(feed, batch.get(), batch.get().header().nextOffset());
    }
  }

  private boolean isPaced(FollowerFeed feed) {
    return isPaced.test(feed.subscription.follower());
  }

  private void read(FollowerFeed feed) {
    if (feed.next() < held.log().start()) {
      return;
    }
    int bytesMax = (int) Math.min(feed.creditBytes(), READ_BYTES_MAX);
    boolean mustTake = isPaced(feed);
    if (mustTake && !held.ports().pace().take(bytesMax, held.nowNanos())) {
      return;
    }
    feed.reading(mustTake ? bytesMax : 0);
    held.ports()
        .reads()
        .read(held.id(), feed.subscription, held.log().view(), feed.next(), bytesMax);
  }

  private void send(FollowerFeed feed, BatchBytes batches, long end) {
    held.ports()
        .links()
        .toFollower(
            feed.subscription,
            new BatchesFrame(
                feed.subscription.number(),
                epoch,
                held.highWatermark(),
                held.log().start(),
                batches));
    feed.sent(end, batches.size(), held.highWatermark(), held.log().start());
  }

  /**
   * Keeps what some follower will ask for next; one that reads the log will soon reach the tail.
   * But not one that is paced, which may take hours: it would hold the memory that those who keep
   * up need.
   */
  private void trimTail() {
    long needed = held.log().end();
    for (var feed : feeds.values()) {
      if (!isPaced(feed)) {
        needed = Math.min(needed, feed.next());
      }
    }
    tail.dropBelow(needed);
  }

  private static long endOf(BatchBytes batches) {
    long end = 0;
    for (BatchHeader header : batches.headers()) {
      end = header.nextOffset();
    }
    return end;
  }
}
