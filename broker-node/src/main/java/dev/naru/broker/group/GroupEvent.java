package dev.naru.broker.group;

import dev.naru.types.PartitionId;

/**
 * What happened to a group: one key of its log has a new state, or none any more. Never a
 * difference, so that the last event of each key says all.
 */
public sealed interface GroupEvent {

  /** What the group knows of itself. */
  record GroupSet(GroupHeader header) implements GroupEvent {}

  /** There is no such group any more. */
  record GroupGone() implements GroupEvent {}

  /** A member came or changed. */
  record MemberSet(Member member) implements GroupEvent {}

  /** A member is gone. */
  record MemberGone(MemberId member) implements GroupEvent {}

  /** An offset is remembered. */
  record OffsetSet(PartitionId partition, Committed committed) implements GroupEvent {}

  /** An offset is forgotten. */
  record OffsetGone(PartitionId partition) implements GroupEvent {}
}
