package dev.naru.metadata.balance;

import dev.naru.types.NodeId;
import java.util.OptionalDouble;

/** What a node has before a plan, and after it. */
public record NodeShare(NodeId node, Share before, Share after) {

  /**
   * What it has.
   *
   * @param leaders partitions that it leads
   * @param replicas that it holds
   * @param bytes of these, as far as known
   * @param diskUsed part of its disks, 0 to 1, and in theory beyond; empty if it is not known
   */
  public record Share(int leaders, int replicas, long bytes, OptionalDouble diskUsed) {}
}
