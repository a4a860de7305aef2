package dev.naru.broker.replica;

/**
 * What a follower would cut off the end of its log.
 *
 * @param tail its log
 * @param from the first offset of which something may be lost with it
 * @param partsAt where the log ceases to be the same as the leader's, as far as is known
 */
public record WantedCut(LogTail tail, long from, long partsAt) {

  /** To this end, up to which both logs are the same. */
  public static WantedCut to(LogTail tail, long end) {
    return new WantedCut(tail, end, end);
  }
}
