package dev.naru.broker.group;

/** What people are told of a group. Derived; nothing is decided by it. */
public enum GroupState {
  /** Nobody is a member. */
  EMPTY,
  /** Something is on its way from one member to another, or a target is yet to be computed. */
  REBALANCING,
  /** Everybody has what it should have. */
  STABLE
}
