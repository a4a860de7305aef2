package dev.naru.client.admin;

import java.util.List;

/**
 * How far the nodes are on the way to newer rules.
 *
 * @param metadataVersion which rules are in force
 * @param newest the newest that any registered node knows
 * @param isReady whether that is newer than the one in force, and all registered nodes know it
 * @param nodes by id
 */
public record UpgradeReadiness(int metadataVersion, int newest, boolean isReady, List<Node> nodes) {

  /**
   * How far one node is.
   *
   * @param version its release
   * @param metadataVersionMin the oldest rules that it follows
   * @param metadataVersionMax the newest
   * @param state what it does now
   * @param isReady whether it knows the newest that any node knows
   * @param reason why not, or what to mind; empty for nothing
   */
  public record Node(
      int node,
      String version,
      int metadataVersionMin,
      int metadataVersionMax,
      String state,
      boolean isReady,
      String reason) {}
}
