package dev.naru.metadata.command;

/** Why a node is fenced. */
public enum FenceCause {
  /** Not heard for node.liveness.timeout.ms: paused, cut off, or too slow. */
  SILENT,
  /**
   * No heartbeat stream stands and its internal listener refuses connections: the process is gone.
   */
  CONNECTION_REFUSED
}
