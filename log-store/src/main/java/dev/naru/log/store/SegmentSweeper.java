package dev.naru.log.store;

import dev.naru.log.DroppedSegments;
import dev.naru.log.retention.DropReason;
import dev.naru.log.segment.Segment;
import dev.naru.types.PartitionId;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.LongPredicate;

/**
 * Deletes the files of segments that logs have dropped, on a thread that may wait for the disk. The
 * owners of logs hand them in and do not wait. What a crash keeps from being deleted is found by
 * the next recovery: it lies below the start of its log.
 *
 * <p>What waits is bounded by what lies on the disk.
 */
final class SegmentSweeper implements DroppedSegments {

  private final Object deletion = new Object(); // held while a segment's files are deleted
  private final Map<PartitionId, Queue<Gone>> waiting = new LinkedHashMap<>(); // guarded by this

  /** Each is another one, also of the same segment. */
  private static final class Gone {
    final Segment segment;
    final DropReason why;
    final LongPredicate mayGo;

    Gone(Segment segment, DropReason why, LongPredicate mayGo) {
      this.segment = segment;
      this.why = why;
      this.mayGo = mayGo;
    }

    boolean mayGo() {
      return mayGo.test(segment.end());
    }
  }

  @Override
  public synchronized void dropped(List<Segment> segments, DropReason why, LongPredicate mayGo) {
    for (Segment each : segments) {
      waiting
          .computeIfAbsent(each.files().partition(), id -> new ArrayDeque<>())
          .add(new Gone(each, why, mayGo));
    }
  }

  @Override
  public List<Segment> keep(PartitionId partition) {
    synchronized (deletion) {
      return forget(partition);
    }
  }

  /** Deletes what was handed in and may go; says how many segments went for which reason. */
  Map<DropReason, Integer> sweep() {
    var counts = new EnumMap<DropReason, Integer>(DropReason.class);
    for (PartitionId partition : partitions()) {
      for (Gone each : waitingOf(partition)) {
        if (!each.mayGo()) {
          break; // nor may those after it
        }
        if (delete(partition, each)) {
          counts.merge(each.why, 1, Integer::sum);
        }
      }
    }
    return counts;
  }

  /** One at a time: whoever wants the others kept waits for no more than that. */
  private boolean delete(PartitionId partition, Gone gone) {
    synchronized (deletion) {
      if (!take(partition, gone)) {
        return false;
      }
      gone.segment.files().deleteSegment(gone.segment.base());
      return true;
    }
  }

  private synchronized List<PartitionId> partitions() {
    return List.copyOf(waiting.keySet());
  }

  private synchronized List<Gone> waitingOf(PartitionId partition) {
    return List.copyOf(waiting.getOrDefault(partition, new ArrayDeque<>()));
  }

  /** False if it was to be kept meanwhile. */
  private synchronized boolean take(PartitionId partition, Gone oldest) {
    var gone = waiting.get(partition);
    if (gone == null || gone.peek() != oldest) {
      return false;
    }
    gone.remove();
    if (gone.isEmpty()) {
      waiting.remove(partition);
    }
    return true;
  }

  private synchronized List<Segment> forget(PartitionId partition) {
    var gone = waiting.remove(partition);
    return gone == null ? List.of() : gone.stream().map(each -> each.segment).toList();
  }
}
