package dev.naru.client.admin;

import java.util.OptionalDouble;

/** What a node has before a plan is carried out, and after it. */
public record NodeShare(int node, Share before, Share after) {

  /**
   * What it has.
   *
   * @param leaders partitions that it leads
   * @param replicas that it holds
   * @param bytes of these; 0 in a plan by leaders, for which nobody is asked
   * @param diskUsed part of its disks that is in use, 0 to 1; empty if it is not known
   */
  public record Share(int leaders, int replicas, long bytes, OptionalDouble diskUsed) {}
}
