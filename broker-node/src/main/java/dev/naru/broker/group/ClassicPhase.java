package dev.naru.broker.group;

/** How far a round of the classic protocol is. */
public enum ClassicPhase {
  /** The group was empty: who comes within a short while is in. Only time ends this. */
  GATHERING,
  /** All are asked to come again with empty hands; ends when they have, or when time is up. */
  PREPARING,
  /** The leader has been told who is there, and is to say who reads what. */
  COMPLETING,
  /** Everybody knows what to read. */
  STABLE
}
