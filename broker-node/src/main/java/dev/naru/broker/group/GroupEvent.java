package dev.naru.broker.group;

import dev.naru.types.PartitionId;

/**
 * What happened to a group: one key of its log has a new state, or none any more. Never a
 * difference, so that the last event of each key says all.
 *
 * <p>A member has two keys, which come and go with one command: what it holds changes often, and is
 * not to be written together with what it wants, which may be long.
 */
public sealed interface GroupEvent {

  /** What the group knows of itself. */
  record GroupSet(GroupHeader header) implements GroupEvent {}

  /** There is no such group any more. */
  record GroupGone() implements GroupEvent {}

  /** A member came, or said something new of itself. */
  record WishesSet(MemberId member, Wishes wishes) implements GroupEvent {}

  /** A member is gone. */
  record WishesGone(MemberId member) implements GroupEvent {}

  /** A member came, or has or should have something else. */
  record HoldingsSet(MemberId member, Holdings holdings) implements GroupEvent {}

  /** A member is gone. */
  record HoldingsGone(MemberId member) implements GroupEvent {}

  /** An offset is remembered. */
  record OffsetSet(PartitionId partition, Committed committed) implements GroupEvent {}

  /** An offset is forgotten. */
  record OffsetGone(PartitionId partition) implements GroupEvent {}
}
