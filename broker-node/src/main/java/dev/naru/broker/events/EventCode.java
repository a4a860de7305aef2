package dev.naru.broker.events;

import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.MarkerManager;

/**
 * The codes that stand in logs as {@code event.code}. A code is a Log4j marker of the same name, so
 * that modules below this one, which see no enum of a node, name theirs in the same way.
 */
public enum EventCode {
  /** A node is registered under a new epoch. */
  NODE_REGISTERED,
  /** A node leads nothing and is in no ISR; of this node itself: another process took its place. */
  NODE_FENCED,
  /** A node serves. */
  NODE_UNFENCED,
  /** Another node is the active controller. */
  CONTROLLER_CHANGED,
  /** This node leads a partition from now on. */
  LEADER_ELECTED,
  /** A replica left the in-sync replicas, and why. */
  ISR_SHRUNK,
  /** A node would have cut off all its followers: its own links or disk seem to be at fault. */
  ISR_SHRINK_STORM,
  /** A replica is in sync again. */
  ISR_EXPANDED,
  /** A log was cut; what was cut is set aside. */
  LOG_TRUNCATED,
  /** Records were given up so that a partition could go on, or it is known now which. */
  DATA_LOSS_DECLARED,
  /**
   * A partition goes on without a replica that is there and has more, which did not get to its disk
   * in time.
   */
  REPLICA_PASSED_OVER,
  /** Stored bytes are not what was written, or two replicas disagree. */
  CORRUPTION_FOUND,
  /** A replica that was damaged is whole and in sync again. */
  CORRUPTION_REPAIRED,
  /** A log is not compacted any more in this process, and grows. */
  LOG_UNCLEANABLE,
  /** A data directory failed and is out of use in this process. */
  STORAGE_FAILED,
  /** A data directory is fuller than the limit for new records, or has room again. */
  DISK_WATERMARK,
  /** The logs of a node are recovered, and what was found. */
  RECOVERY_FINISHED,
  /** Two batches came under the same numbers of a producer; the later one was refused. */
  SEQUENCE_REUSED,
  /** A topic exists. */
  TOPIC_CREATED,
  /** A topic is gone. */
  TOPIC_DELETED,
  /** Partitions of a group go to other members, and why. */
  GROUP_REBALANCED,
  /** A coordinator cannot read the log of its groups, and serves none of them. */
  GROUP_LOG_UNREADABLE,
  /** A node did not become a member of the metadata quorum. */
  JOIN_REFUSED,
  /** The image was not written, so that the metadata log grows. */
  SNAPSHOT_FAILED,
  /** A caller was refused something because of who it is. */
  ACCESS_DENIED,
  /** A setting is allowed and worth a second look. */
  CONFIG_WARNING,
  /** A follower follows no more until someone has looked. */
  FOLLOWER_HALTED,
  /** A partition stopped because of a fault in it; the others go on. */
  PARTITION_FAILED,
  /** The node ends: its metadata log failed, or something that it cannot go on without. */
  NODE_FAILED,
  /** A step of start or stop failed or took too long. */
  STARTUP_STEP,
  /** A fault inside Naru that one request or one turn of work ended with. */
  INTERNAL_FAULT;

  /** For the first argument of a log call. */
  public Marker marker() {
    return MarkerManager.getMarker(name());
  }
}
