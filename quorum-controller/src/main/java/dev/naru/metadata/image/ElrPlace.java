package dev.naru.metadata.image;

/**
 * How a replica holds its place among the eligible leader replicas. All of them are known to hold
 * every committed record; they differ in when they may be elected.
 */
public sealed interface ElrPlace {

  /** Its process has not restarted since it left the ISR: may be elected at once. */
  record Unbroken() implements ElrPlace {}

  /** Cannot be elected before its node has registered anew and reported this log. */
  record Awaited() implements ElrPlace {}

  /** Its node has restarted and found this log: the one that reaches furthest is elected. */
  record Recovered(LogEnd log) implements ElrPlace {}
}
