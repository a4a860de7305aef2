package dev.naru.metadata.ratis;

import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.MarkerManager;

/**
 * The codes of this package's warnings and errors: names out of the node's catalogue of events,
 * which this module does not see.
 */
enum LogCode {
  /** This node leads the quorum no more. */
  CONTROLLER_CHANGED,
  /** A snapshot is not what was written. */
  CORRUPTION_FOUND,
  /** A chore failed; it is tried again. */
  INTERNAL_FAULT,
  /** A node did not become a member of the quorum. */
  JOIN_REFUSED,
  /** The image of this node is no longer that of the others. */
  NODE_FAILED,
  /** The log grows until a snapshot can be written. */
  SNAPSHOT_FAILED,
  /** The log did not close as it should. */
  STARTUP_STEP;

  /** For the first argument of a log call. */
  Marker marker() {
    return MarkerManager.getMarker(name());
  }
}
