package dev.naru.metadata.image;

/** What happens to a partition that has no safe replica left. */
public enum RecoveryMode {
  /** It waits for one, or for an operator. */
  STRICT,
  /** Some time after the first replica is back, the best of those that are there leads. */
  BOUNDED,
  /** The best of the replicas that are there leads at once. */
  AVAILABLE
}
