package dev.naru.metadata.image;

/** What takes longer than a call. */
public enum OperationKind {
  /** A node gives up what it leads. */
  DRAIN_NODE,
  /** Partitions move to other nodes. */
  REASSIGN_PARTITIONS,
  /** A node gives up all that it leads and holds, and is known no more once it has stopped. */
  DECOMMISSION_NODE
}
