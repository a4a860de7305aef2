package dev.naru.metadata.event;

/** Why a partition's entry changed. */
public enum PartitionCause {
  /** One of its replicas' nodes was fenced. */
  NODE_FENCED,
  /** One of its replicas' nodes started anew. */
  NODE_REGISTERED,
  /** One of its replicas' nodes said what its log holds. */
  LOG_REPORTED,
  /** One of its replicas' nodes serves again. */
  NODE_UNFENCED,
  /** One of its replicas' nodes wants to stop. */
  NODE_STOPPING,
  /** Its leader proposed another ISR. */
  LEADER_PROPOSED,
  /** Its leader would have been alone in most of its ISRs. */
  SHRINK_STORM,
  /** A replica was found damaged. */
  REPLICA_DAMAGED,
  /** A replica's data directory failed. */
  STORAGE_FAILED,
  /** Its preferred leader was asked for. */
  PREFERRED_LEADER,
  /** The wait for further ELR members was over. */
  ELECTION_WAIT_OVER,
  /** Nobody was safe, and the best of the others was taken. */
  RECOVERED,
  /** A replica has more than was declared lost. */
  LOSS_EXTENDED,

  /** Its leader's node was drained. */
  NODE_DRAINED,

  /** It is to move to other nodes. */
  MOVE_BEGUN,

  /** Its move was cancelled. */
  MOVE_CANCELLED
}
