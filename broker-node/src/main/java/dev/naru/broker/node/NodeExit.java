package dev.naru.broker.node;

import dev.naru.metadata.codec.NewerRulesException;
import dev.naru.types.ErrorCode;

/**
 * With which status the process of a node ends. Whoever starts it again, as systemd does, must know
 * when that is of no use.
 */
final class NodeExit {

  /** It was told to stop. */
  static final int OK = 0;

  /** A fault; another start may do better. */
  static final int FAULT = 1;

  /** A wrong call or configuration. */
  static final int USAGE = 2;

  /** A precondition does not hold, and may later: a port in use, a disk that is not mounted. */
  static final int PRECONDITION = 4;

  /**
   * The cluster will not have it, and no restart changes that: the node was decommissioned, or its
   * release does not know the rules in force.
   */
  static final int NOT_WANTED = 6;

  private NodeExit() {}

  /** Of a node that does not start, or may not go on, for this reason. */
  static int of(ErrorCode code) {
    return switch (code) {
      case INTERNAL -> FAULT;
      case NODE_NOT_FOUND, UNSUPPORTED_VERSION -> NOT_WANTED;
      default -> PRECONDITION;
    };
  }

  /** Of one that ended while it served. */
  static int ofFault(Throwable cause) {
    return switch (cause) {
      case StartException refused when of(refused.code()) == NOT_WANTED -> NOT_WANTED;
      case NewerRulesException _ -> NOT_WANTED;
      default -> FAULT;
    };
  }
}
