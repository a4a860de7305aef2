package dev.naru.metadata.image;

import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.Optional;

/**
 * What became of a submitted command. The first two are remembered, so that a retry gets the same.
 */
public sealed interface Outcome {

  /**
   * Applied.
   *
   * @param index the command's place in the metadata log
   */
  record Accepted(long index) implements Outcome {}

  /** Reached the log and changed nothing. */
  record Refusal(long index, Refused why) implements Outcome {}

  /**
   * Never reached the log, so that nothing can come of it later.
   *
   * @param controller the node to ask instead, when one is known
   */
  record NotAppended(Refused why, Optional<NodeId> controller) implements Outcome {}
}
