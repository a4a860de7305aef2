package dev.naru.log.store;

import dev.naru.log.DroppedSegments;
import dev.naru.log.retention.DropReason;
import dev.naru.log.segment.Segment;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Deletes the files of segments that logs have dropped, on a thread that may wait for the disk. The
 * owners of logs hand them in and do not wait. What a crash keeps from being deleted is found by
 * the next recovery: it lies below the start of its log.
 *
 * <p>What waits is bounded by what lies on the disk.
 */
final class SegmentSweeper implements DroppedSegments {

  private final ForceRounds rounds;
  private final Object deletion = new Object(); // held while files of one log are deleted
  private final Map<PartitionId, List<Gone>> waiting = new LinkedHashMap<>(); // guarded by this

  private record Gone(Segment segment, DropReason why) {}

  SegmentSweeper(ForceRounds rounds) {
    this.rounds = rounds;
  }

  @Override
  public synchronized void dropped(List<Segment> segments, DropReason why) {
    for (Segment each : segments) {
      waiting
          .computeIfAbsent(each.files().partition(), id -> new ArrayList<>())
          .add(new Gone(each, why));
    }
  }

  @Override
  public void keep(PartitionId partition) {
    synchronized (deletion) {
      take(partition);
    }
  }

  /** Deletes what was handed in up to now; says how many segments went for which reason. */
  Map<DropReason, Integer> sweep() {
    var counts = new EnumMap<DropReason, Integer>(DropReason.class);
    for (PartitionId partition : partitions()) {
      synchronized (deletion) {
        var gone = take(partition);
        if (!gone.isEmpty()) {
          rounds.awaitRecord();
        }
        for (Gone each : gone) {
          each.segment.files().deleteSegment(each.segment.base());
          counts.merge(each.why, 1, Integer::sum);
        }
      }
    }
    return counts;
  }

  private synchronized List<PartitionId> partitions() {
    return List.copyOf(waiting.keySet());
  }

  private synchronized List<Gone> take(PartitionId partition) {
    return Optional.ofNullable(waiting.remove(partition)).orElse(List.of());
  }
}
