package dev.naru.simulation;

import dev.naru.broker.replica.Acks;
import dev.naru.record.BatchHeader;
import dev.naru.simulation.invariant.BatchMark;
import dev.naru.simulation.invariant.Invariant;
import dev.naru.simulation.invariant.Scene;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What producers were told of batches that all in-sync replicas are to have. */
final class Acknowledgements {

  private final Scene scene;
  private final List<Invariant> invariants;
  private final Map<PartitionId, List<BatchMark>> waiting = new TreeMap<>();
  private final Map<PartitionId, List<BatchMark>> ever = new TreeMap<>();

  Acknowledgements(Scene scene, List<Invariant> invariants) {
    this.scene = scene;
    this.invariants = invariants;
  }

  /** The node has just said so. The truth learns of the commit when the event is over. */
  void acked(PartitionId partition, Acks acks, long firstOffset, BatchHeader sent) {
    if (acks == Acks.ALL) {
      var mark =
          new BatchMark(
              firstOffset,
              firstOffset + sent.nextOffset() - sent.baseOffset(),
              0,
              sent.crc(),
              sent.sizeInBytes());
      waiting.computeIfAbsent(partition, _ -> new ArrayList<>()).add(mark);
    }
  }

  /** The event is over in which something may have been acknowledged. */
  void check(PartitionId partition) {
    var batches = waiting.isEmpty() ? null : waiting.remove(partition);
    if (batches != null) {
      for (var batch : batches) {
        invariants.forEach(each -> each.acknowledged(scene, partition, batch));
      }
      ever.computeIfAbsent(partition, _ -> new ArrayList<>()).addAll(batches);
    }
  }

  /** All of them. */
  List<BatchMark> ever(PartitionId partition) {
    return ever.getOrDefault(partition, List.of());
  }
}
