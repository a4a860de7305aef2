package dev.naru.client.admin;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Something that takes longer than a call, as it was when it was asked for.
 *
 * @param node whose it is; empty for one that moves named partitions
 * @param created when it began
 * @param ended empty until it has
 * @param done how many of the total are as they are to be
 * @param unit of what: {@code leaderships} or {@code partitions}
 * @param waitsFor what it waits for that does not come by itself; empty if for nothing
 * @param moves partitions that are on their way; of one that was only validated all that would be;
 *     none in a list
 * @param bytesPerSecond what a leader sends at most to replicas that are new; empty: as the nodes
 *     are configured
 */
public record OperationDescription(
    UUID id,
    Kind kind,
    State state,
    OptionalInt node,
    Instant created,
    Optional<Instant> ended,
    long done,
    long total,
    String unit,
    Optional<String> waitsFor,
    List<PartitionMove> moves,
    OptionalLong bytesPerSecond) {

  /** Keeps its own copy of the moves. */
  public OperationDescription {
    moves = List.copyOf(moves);
  }

  /** Whether nothing more comes of it. */
  public boolean isFinished() {
    return state == State.DONE || state == State.CANCELLED;
  }

  /** What takes longer than a call. */
  public enum Kind {
    /** A node gives up what it leads. */
    DRAIN_NODE,
    /** Partitions move to other nodes. */
    REASSIGN_PARTITIONS,
    /** A node gives up all that it leads and holds, and is known no more once it has stopped. */
    DECOMMISSION_NODE
  }

  /** How far it is. */
  public enum State {
    /** Under way. */
    RUNNING,
    /** To be undone as far as it is not done. */
    CANCELLING,
    /** Done. */
    DONE,
    /** Over; what was not done by then is as it was before. */
    CANCELLED
  }
}
