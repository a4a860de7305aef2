package dev.naru.metadata.image;

/** What happens to a partition that has no safe replica left. */
public enum RecoveryMode {
  /** It waits for one. */
  STRICT
}
