package dev.naru.simulation;

/** What the simulation breaks. */
enum FaultKind {
  /** A node is asked to stop: it gives up its leaderships first, and closes its logs. */
  STOP,
  /** A process ends without a word; what it wrote is in the page cache. */
  KILL,
  /** A machine loses power: what was not forced is lost, wholly or in part. */
  POWER_LOSS,
  /** Every machine loses power at the same instant. */
  POWER_LOSS_OF_ALL,
  /** A process stands still for a while and does not know it. */
  PAUSE,
  /** Nothing passes between two machines. */
  CUT,
  /** Nothing passes from one machine to another; the other direction works. */
  ONE_WAY_CUT,
  /** A machine is cut off from all others. */
  ISOLATION,
  /** A client and a node cannot reach each other. */
  CLIENT_CUT,
  /** A connection between two nodes is reset. */
  RESET,
  /** Nobody decides about metadata for a while; what was under way has an unknown outcome. */
  CONTROLLER_LOSS,
  /** A process ends between two changes of its disk, maybe in its recovery. */
  KILL_AT_A_STEP,
  /** A machine loses power between two changes of its disk, maybe in a recovery. */
  POWER_LOSS_AT_A_STEP,
  /** A disk forces nothing for a while. */
  SLOW_DISK,
  /**
   * What a machine's replicas say to those of others gets lost, or what these say to it; clients
   * and the controller are reached.
   */
  REPLICATION_CUT,
  /** The wall clock of a machine is moved, or set right again; its monotonic clock is not. */
  CLOCK_JUMP
}
