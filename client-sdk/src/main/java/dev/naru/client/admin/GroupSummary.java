package dev.naru.client.admin;

import dev.naru.client.GroupProtocol;
import java.time.Instant;

/**
 * A group as lists show it.
 *
 * @param protocol how its members share partitions; while it has none, how they did
 * @param assignor the assignor in force; in a classic group what its members chose, empty before
 * @param epoch rises with every change of what a member may hold; in a classic group the generation
 * @param members how many, those that are away included
 * @param offsets how many
 * @param coordinator the node that coordinates it
 */
public record GroupSummary(
    String group,
    State state,
    GroupProtocol protocol,
    String assignor,
    int epoch,
    int members,
    int offsets,
    int coordinator,
    Instant created) {

  /** What a group does. */
  public enum State {
    /** It has no members; its offsets are kept. */
    EMPTY,
    /** Every member holds what it is to hold. */
    STABLE,
    /** Partitions move. */
    REBALANCING
  }
}
