package dev.naru.metadata.log;

/**
 * Told when this node becomes the active controller and when it stops to be. Called on the log's
 * own threads, in order, some of them under its lock: an implementation only hands the news to a
 * thread of its own.
 */
public interface LeadershipListener {

  /** This node leads in this term and has applied every entry of earlier terms. */
  void controllerSince(long term);

  /**
   * This node does not lead any more; what it had submitted may still be decided, under another.
   */
  void controllerNoLonger();
}
