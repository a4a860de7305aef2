package dev.naru.broker.group;

/** What people are told of a member. Derived; nothing is decided by it. */
public enum MemberState {
  /** It has what it should have. */
  ACTIVE,
  /** There is nothing for it; it takes over when another one goes. */
  IDLE_STANDBY,
  /** It has stopped, and its place is kept. */
  AWAY,
  /** It has something to give back, or waits for something. */
  RECONCILING
}
