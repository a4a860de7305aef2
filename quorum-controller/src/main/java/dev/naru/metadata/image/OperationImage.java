package dev.naru.metadata.image;

import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * An operation and how far it is. It is the metadata log's own: no node has to be alive for it, and
 * every node knows it.
 *
 * @param node whose it is; empty for one that moves named partitions
 * @param createdIndex of the command that began it, in the metadata log
 * @param createdMillis wall clock of the node that was asked for it
 * @param finishedMillis wall clock of the node whose command ended it; empty until then
 * @param total partitions that it is about
 * @param done of them: those that are as they are to be, or no more
 * @param waiting where partitions are to be whose move has yet to begin; the first of each leads
 * @param moving partitions that are on their way, or on their way back
 * @param bytesPerSecond what a leader sends at most to replicas that are new; empty: as the nodes
 *     are configured
 * @param fingerprint of what was asked for: tells a request that is sent again from another one
 *     under its id
 * @param intentBefore what was wanted of the node before, and is again if it is cancelled
 */
public record OperationImage(
    UUID id,
    OperationKind kind,
    Optional<NodeId> node,
    OperationState state,
    long createdIndex,
    long createdMillis,
    OptionalLong finishedMillis,
    int total,
    int done,
    TreePMap<PartitionId, List<NodeId>> waiting,
    TreePSet<PartitionId> moving,
    OptionalLong bytesPerSecond,
    long fingerprint,
    NodeIntent intentBefore) {

  /** One that begins, and is about nothing yet. */
  public static OperationImage begun(
      UUID id,
      OperationKind kind,
      Optional<NodeId> node,
      long index,
      long nowMillis,
      OptionalLong bytesPerSecond,
      long fingerprint,
      NodeIntent intentBefore) {
    return new OperationImage(
        id,
        kind,
        node,
        OperationState.RUNNING,
        index,
        nowMillis,
        OptionalLong.empty(),
        0,
        0,
        TreePMap.empty(),
        TreePSet.empty(),
        bytesPerSecond,
        fingerprint,
        intentBefore);
  }

  /** The same, about this many partitions, of which these are to move. */
  public OperationImage planned(int partitions, TreePMap<PartitionId, List<NodeId>> plan) {
    return new OperationImage(
        id,
        kind,
        node,
        state,
        createdIndex,
        createdMillis,
        finishedMillis,
        partitions,
        done,
        plan,
        moving,
        bytesPerSecond,
        fingerprint,
        intentBefore);
  }

  /** Whether something may still come of it. */
  public boolean isRunning() {
    return !state.isFinished();
  }

  /** Whether no partition is on its way, or has yet to be. */
  public boolean isIdle() {
    return waiting.isEmpty() && moving.isEmpty();
  }

  /** The same in another state, which is not its last. */
  public OperationImage withState(OperationState changed) {
    return with(changed, finishedMillis, done, waiting, moving);
  }

  /** The same with this much done. */
  public OperationImage withDone(int changed) {
    return with(state, finishedMillis, changed, waiting, moving);
  }

  /** The same, with other partitions to move. */
  public OperationImage withMoves(
      TreePMap<PartitionId, List<NodeId>> stillWaiting, TreePSet<PartitionId> nowMoving) {
    return with(state, finishedMillis, done, stillWaiting, nowMoving);
  }

  /** The same, over. */
  public OperationImage finished(OperationState last, long nowMillis) {
    return with(last, OptionalLong.of(nowMillis), done, waiting, moving);
  }

  private OperationImage with(
      OperationState changed,
      OptionalLong finished,
      int nowDone,
      TreePMap<PartitionId, List<NodeId>> stillWaiting,
      TreePSet<PartitionId> nowMoving) {
    return new OperationImage(
        id,
        kind,
        node,
        changed,
        createdIndex,
        createdMillis,
        finished,
        total,
        nowDone,
        stillWaiting,
        nowMoving,
        bytesPerSecond,
        fingerprint,
        intentBefore);
  }
}
