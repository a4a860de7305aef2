package dev.naru.broker.partition;

import dev.naru.broker.replica.SubscriptionId;

/**
 * How far one subscription has been sent.
 *
 * <p>Credit may fall below zero by one batch: a batch is sent whole, also when it is larger than
 * what is left, or a follower with a small window would never get a large one.
 */
final class FollowerFeed {

  final SubscriptionId subscription;
  private long next;
  private long creditBytes;
  private boolean isReading;

  /** What the read under way has taken of the pace of moves. */
  private int takenBytes;

  private long sentHighWatermark;
  private long sentLogStart;

  FollowerFeed(SubscriptionId subscription, long from, long creditBytes, long sentLogStart) {
    this.subscription = subscription;
    this.next = from;
    this.creditBytes = creditBytes;
    this.sentLogStart = sentLogStart;
  }

  /** The offset of the first record it has not been sent. */
  long next() {
    return next;
  }

  long creditBytes() {
    return creditBytes;
  }

  boolean maySend() {
    return creditBytes > 0 && !isReading;
  }

  boolean isReading() {
    return isReading;
  }

  void reading(int taken) {
    isReading = true;
    takenBytes = taken;
  }

  /** What it had taken of the pace of moves. */
  int readDone() {
    isReading = false;
    return takenBytes;
  }

  void granted(long bytes) {
    creditBytes += bytes;
  }

  void sent(long end, int bytes, long highWatermark, long logStart) {
    next = end;
    creditBytes -= bytes;
    told(highWatermark, logStart);
  }

  boolean hasHeard(long highWatermark, long logStart) {
    return sentHighWatermark >= highWatermark && hasHeardOfStart(logStart);
  }

  boolean hasHeardOfStart(long logStart) {
    return sentLogStart >= logStart;
  }

  void told(long highWatermark, long logStart) {
    sentHighWatermark = highWatermark;
    sentLogStart = logStart;
  }
}
