package dev.naru.metadata.balance;

import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.SortedMap;
import org.pcollections.TreePMap;

/**
 * What nodes said of their logs and disks.
 *
 * @param bytes of each partition's log, of its largest replica; one of which nothing is known is
 *     absent
 * @param disks of each node that answered
 */
public record Measured(TreePMap<PartitionId, Long> bytes, TreePMap<NodeId, DiskUse> disks) {

  /** Nothing was asked. */
  public static final Measured NOTHING = new Measured(TreePMap.empty(), TreePMap.empty());

  /** A copy of these. */
  public static Measured of(SortedMap<PartitionId, Long> bytes, SortedMap<NodeId, DiskUse> disks) {
    return new Measured(TreePMap.from(bytes), TreePMap.from(disks));
  }
}
