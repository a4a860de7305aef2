package dev.naru.metadata.image;

/** What an operator wants of a node. It stays through restarts, until he wants something else. */
public enum NodeIntent {
  /** To serve. */
  NONE,
  /** To lead only what nobody else could, and to get no new replicas: it may be stopped soon. */
  DRAIN,
  /** The same, to give away all replicas that it has, and then to be known no more. */
  REMOVE
}
