package dev.naru.broker.group;

/** How the members of a group share its partitions. All of them use the same one. */
public enum GroupProtocol {
  /** The coordinator decides who reads what, and moves only what has to move. */
  NATIVE,
  /** A member decides for all, and all stop reading while it does. */
  CLASSIC
}
