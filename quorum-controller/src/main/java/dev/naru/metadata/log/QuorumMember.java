package dev.naru.metadata.log;

import dev.naru.types.HostPort;
import dev.naru.types.NodeId;

/**
 * A member of the quorum. The peer id is the node's id, or {@code <node>.<directory>} once the node
 * has come back on another disk: an emptied log under an old id would be counted as complete.
 */
public record QuorumMember(NodeId node, String peer, HostPort raft) {

  private static final char INCARNATION = '.';

  /** The member whose peer id this is. */
  public static QuorumMember of(String peer, HostPort raft) {
    return new QuorumMember(nodeOf(peer), peer, raft);
  }

  /**
   * The node behind a peer id.
   *
   * @throws IllegalArgumentException if it is no peer id of Naru
   */
  public static NodeId nodeOf(String peer) {
    int dot = peer.indexOf(INCARNATION);
    try {
      return new NodeId(Integer.parseInt(dot < 0 ? peer : peer.substring(0, dot)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Expected a peer id of a node, but was " + peer, e);
    }
  }

  @Override
  public String toString() {
    return peer + "@" + raft;
  }
}
