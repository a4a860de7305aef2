package dev.naru.metadata.command;

/** Why a running node gives up replicas. */
public enum GiveUpCause {
  /** Damage was found in bytes that counted: such a log is no longer known to be complete. */
  DAMAGED,
  /** Its directory failed: complete as far as known, but out of use until the node restarts. */
  STORAGE_FAILED
}
