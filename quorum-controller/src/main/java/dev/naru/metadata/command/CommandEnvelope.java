package dev.naru.metadata.command;

import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;

/**
 * A command and who sends it.
 *
 * @param submitter the node that asks, for itself or for a client of it
 * @param submitterEpoch the epoch under which it is registered, or {@link #UNREGISTERED}
 * @param sequence counted up by the submitting process; a retry carries the same
 * @param nowMillis wall clock of the submitter; only recorded, never compared
 * @param principal who asked the submitter, as {@code name@address}; empty: nobody, it acts by
 *     itself. It is told with what came of the command, and changes nothing in the image
 */
public record CommandEnvelope(
    NodeId submitter,
    NodeEpoch submitterEpoch,
    long sequence,
    long nowMillis,
    MetadataCommand command,
    String principal) {

  /**
   * The epoch of a process that is not registered. Its commands are not remembered, so it sends
   * only what does no harm when applied twice: registrations, and what a controller says of nodes.
   */
  public static final NodeEpoch UNREGISTERED = new NodeEpoch(0);

  /** What a node sends by itself. */
  public CommandEnvelope(
      NodeId submitter,
      NodeEpoch submitterEpoch,
      long sequence,
      long nowMillis,
      MetadataCommand command) {
    this(submitter, submitterEpoch, sequence, nowMillis, command, "");
  }

  /** Refuses a negative sequence. */
  public CommandEnvelope {
    if (sequence < 0) {
      throw new IllegalArgumentException("Expected a sequence >= 0, but was " + sequence);
    }
  }

  public boolean isFromRegistered() {
    return !submitterEpoch.equals(UNREGISTERED);
  }
}
