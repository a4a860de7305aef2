package dev.naru.metadata.image;

import dev.naru.types.HostPort;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import java.util.Optional;
import java.util.UUID;
import org.pcollections.TreePMap;

/**
 * A registered node.
 *
 * @param epoch index of this registration in the metadata log
 * @param incarnation drawn by the process at its start; tells a repeated registration from a new
 *     one
 * @param directories its data directories, by directory id
 * @param lastStop how the process before this one ended
 * @param logsReported whether it has said, since this registration, what its logs hold
 * @param lastUnfenced the epoch under which it was last unfenced; empty if it never was
 * @param intent what an operator wants of it
 * @param isGone whether its process is known to have ended, and not only to be silent; never while
 *     it serves
 */
public record NodeImage(
    NodeId id,
    NodeEpoch epoch,
    UUID incarnation,
    NodeState state,
    NodeProfile profile,
    TreePMap<UUID, DirectoryTrust> directories,
    LastStop lastStop,
    boolean logsReported,
    Optional<NodeEpoch> lastUnfenced,
    NodeIntent intent,
    boolean isGone) {

  /** A node that is to serve. */
  public NodeImage(
      NodeId id,
      NodeEpoch epoch,
      UUID incarnation,
      NodeState state,
      NodeProfile profile,
      TreePMap<UUID, DirectoryTrust> directories,
      LastStop lastStop,
      boolean logsReported,
      Optional<NodeEpoch> lastUnfenced) {
    this(
        id,
        epoch,
        incarnation,
        state,
        profile,
        directories,
        lastStop,
        logsReported,
        lastUnfenced,
        NodeIntent.NONE,
        false);
  }

  /** Whether it may lead nothing and be in no ISR. */
  public boolean isFenced() {
    return state.isFenced();
  }

  /** Whether it may join an ISR or be elected: neither fenced nor stopping. */
  public boolean isEligible() {
    return state == NodeState.ACTIVE || state == NodeState.SUSPECTED;
  }

  /** Whether it has registered anew, and was not unfenced since. */
  public boolean isStarting() {
    return state == NodeState.STARTING;
  }

  /** Whether it is to be forgotten, and nobody knows yet that its process has ended. */
  public boolean isToBeKnownGone() {
    return intent == NodeIntent.REMOVE && state == NodeState.FENCED && !isGone;
  }

  /** Whether others are to lead in its place where they can. */
  public boolean isSuspected() {
    return state == NodeState.SUSPECTED;
  }

  /** Whether it is to lead and hold as much as others: neither drained nor on its way out. */
  public boolean isWanted() {
    return intent == NodeIntent.NONE;
  }

  /** Whether it was unfenced under the epoch it has now. */
  public boolean wasUnfencedUnderThisEpoch() {
    return lastUnfenced.equals(Optional.of(epoch));
  }

  public Optional<String> rack() {
    return profile.rack();
  }

  /** Where clients reach it. */
  public HostPort client() {
    return profile.endpoints().client();
  }

  /** Where other nodes reach it. */
  public HostPort internal() {
    return profile.endpoints().internal();
  }

  /** Where its HTTP pages are. */
  public HostPort http() {
    return profile.endpoints().http();
  }

  /** The same node in another state; for others see {@link #unfenced} and {@link #fenced}. */
  public NodeImage withState(NodeState changed) {
    return with(changed, logsReported, lastUnfenced, intent, false);
  }

  /** The same node, serving. */
  public NodeImage unfenced() {
    return with(NodeState.ACTIVE, logsReported, Optional.of(epoch), intent, false);
  }

  /** The same node, fenced; its process may be alive unless it is known to be gone. */
  public NodeImage fenced(boolean known) {
    return with(NodeState.FENCED, logsReported, lastUnfenced, intent, known);
  }

  /** The same node, having said what its logs hold. */
  public NodeImage withLogsReported() {
    return with(state, true, lastUnfenced, intent, isGone);
  }

  /** The same node, of which this is wanted. */
  public NodeImage withIntent(NodeIntent changed) {
    return with(state, logsReported, lastUnfenced, changed, isGone);
  }

  private NodeImage with(
      NodeState nowState,
      boolean nowReported,
      Optional<NodeEpoch> nowUnfenced,
      NodeIntent nowIntent,
      boolean nowGone) {
    return new NodeImage(
        id,
        epoch,
        incarnation,
        nowState,
        profile,
        directories,
        lastStop,
        nowReported,
        nowUnfenced,
        nowIntent,
        nowGone);
  }
}
