package dev.naru.log.store;

import dev.naru.log.CapturedProducers;
import dev.naru.log.ProducerCapture;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes down what logs have captured of their producers, on a thread that may wait for the disk;
 * the owners of logs hand it in and do not wait. What a crash keeps from being written, the next
 * start reads from the logs. What finds no room is tried again.
 *
 * <p>What waits is bounded by the number of logs: of each the newest.
 */
final class PendingCaptures implements CapturedProducers {

  /**
   * All logs of a directory together, so that a start after a power cut reads the headers of no
   * more, unless there are very many logs.
   */
  private static final long ALL_BYTES = 2L << 30;

  /**
   * A snapshot takes two forces, which others wait for; it is to be rare beside those that
   * acknowledgements wait for.
   */
  private static final long DISTANCE_BYTES_MIN = 4 << 20;

  private static final long DISTANCE_BYTES_MAX = 64 << 20;

  /** At each look, once a second: so many forces more do not show. */
  private static final int AT_ONCE_MAX = 8;

  /** Some 20 ms of a second. */
  private static final int UNFORCED_AT_ONCE_MAX = 256;

  private final Object writing = new Object(); // held while one is written

  // Guarded by this, as is what follows.
  private final Map<PartitionId, ProducerCapture> toForce = new LinkedHashMap<>();
  private final Map<PartitionId, ProducerCapture> toWrite = new LinkedHashMap<>();
  private boolean isClosed;

  // Written by whoever looks now and then, read by the owners of logs.
  private volatile long distanceBytes = DISTANCE_BYTES_MAX;

  @Override
  public long distanceBytes() {
    return distanceBytes;
  }

  /** There are so many logs in the directory. */
  void logs(int count) {
    distanceBytes =
        Math.clamp(ALL_BYTES / Math.max(1, count), DISTANCE_BYTES_MIN, DISTANCE_BYTES_MAX);
  }

  @Override
  public synchronized void captured(ProducerCapture capture) {
    if (!isClosed) {
      // In the place of an older one. Also what is to be forced is written until its turn comes.
      toWrite.put(capture.partition(), capture);
      if (capture.isForced()) {
        toForce.put(capture.partition(), capture);
      }
    }
  }

  /** Writes some of what was handed in, those that wait for longest. */
  void write() {
    for (ProducerCapture each : nextToForce()) {
      synchronized (writing) {
        if (!isClosed() && !each.write()) {
          again(each);
        }
      }
    }
    for (ProducerCapture each : nextToWrite()) {
      synchronized (writing) {
        if (!isClosed()) {
          each.writeUnforced();
        }
      }
    }
  }

  private synchronized List<ProducerCapture> nextToForce() {
    return takeOut(toForce, AT_ONCE_MAX);
  }

  private synchronized List<ProducerCapture> nextToWrite() {
    return takeOut(toWrite, UNFORCED_AT_ONCE_MAX);
  }

  private static List<ProducerCapture> takeOut(
      Map<PartitionId, ProducerCapture> waiting, int atMost) {
    var out = new ArrayList<ProducerCapture>();
    while (out.size() < atMost && !waiting.isEmpty()) {
      var first = waiting.keySet().iterator().next();
      out.add(waiting.remove(first));
    }
    return out;
  }

  /** Unless a newer one has come. */
  private synchronized void again(ProducerCapture capture) {
    toForce.putIfAbsent(capture.partition(), capture);
  }

  private synchronized boolean isClosed() {
    return isClosed;
  }

  /** Nothing more is written here. Waits for what is being written now. */
  void close() {
    synchronized (writing) {
      forget();
    }
  }

  private synchronized void forget() {
    isClosed = true;
    toForce.clear();
    toWrite.clear();
  }
}
