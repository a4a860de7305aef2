package dev.naru.log.disk;

import dev.naru.types.PartitionId;

/**
 * Bad, misplaced or missing bytes where the log had been durable: not the work of a crash.
 *
 * @param partition whose log
 * @param segmentBase the segment's base offset
 * @param position where in the segment's file
 * @param reason "Expected ..., but ..."
 */
public record Damage(PartitionId partition, long segmentBase, long position, String reason) {

  @Override
  public String toString() {
    return "Log %s is damaged in the segment at offset %d, byte %d: %s"
        .formatted(partition, segmentBase, position, reason);
  }
}
