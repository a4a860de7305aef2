package dev.naru.metadata.log;

import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;

/**
 * The metadata quorum as this node knows it now. The controller is the leader of the term; it is
 * empty while none is known. The committed index is the newest entry that this node knows to be
 * committed. One is made for every look at the cluster; how far the members are, which has to be
 * gathered from all of them, is not in it: see {@link MetadataLog#reached}.
 */
public record QuorumView(
    Role role,
    long term,
    Optional<NodeId> controller,
    List<QuorumMember> voters,
    List<QuorumMember> listeners,
    long committedIndex) {

  /** For every answer about a lost quorum: it stops changes, not records. */
  public static final String STILL_WORKS =
      "produce and consume go on where the leader and its ISR are alive";

  /** Copies the lists. */
  public QuorumView {
    voters = List.copyOf(voters);
    listeners = List.copyOf(listeners);
  }

  /** What to say to whoever takes this node for the active controller, and where to send them. */
  public Refused whyNotController(NodeId self) {
    return controller
        .map(other ->
            new Refused(
                ErrorCode.NOT_LEADER,
                "Expected the active controller, node %s in term %d, but this is node %s in another role or term"
                    .formatted(other, term, self)))
        .orElseGet(() ->
            new Refused(
                ErrorCode.METADATA_QUORUM_LOST,
                "Expected an active controller, but node %s knows of none; %s"
                    .formatted(self, STILL_WORKS)));
  }

  /**
   * Why this node must not be taken out of the cluster: it would be forgotten, and its vote would
   * remain. Empty if it does not vote, as far as this view knows.
   */
  public Optional<Refused> whyItMustStay(NodeId node) {
    return voters.stream()
        .filter(voter -> voter.node().equals(node))
        .findFirst()
        .map(_ ->
            new Refused(
                ErrorCode.INVALID_REQUEST,
                "Expected a node that does not vote, but node %s is one of the voters of the metadata quorum; stop it and put another one in its place first: naru cluster quorum --promote NODE --demote %s"
                    .formatted(node, node)));
  }

  /** What this node is in the quorum. */
  public enum Role {
    /** The leader, and so the active controller once it has applied the start of its term. */
    CONTROLLER,
    /** A voter that follows. */
    VOTER,
    /** A voter that asks to lead. */
    CANDIDATE,
    /** Applies the log, never votes. */
    LISTENER,
    /** Not running. */
    STOPPED
  }
}
