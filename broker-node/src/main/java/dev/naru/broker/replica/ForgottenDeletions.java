package dev.naru.broker.replica;

/**
 * What a log lacks that its predecessors had: deletions whose time was over.
 *
 * <p>Two numbers, as they must be wrong in different directions. {@code purgedBelow} rather too
 * high: then somebody copies more than need be; were it too low, a follower would keep what was
 * deleted, and never hear of it. {@code cleanBelow} rather too low, for the same reason. A leader
 * that has lost count says a high one and no low one; and a deletion that is gone at one replica
 * may still be there at the next.
 *
 * @param purgedBelow deletions below may be gone
 * @param cleanBelow a deletion below deletes nothing here, whether the log has come that far or not
 */
public record ForgottenDeletions(long purgedBelow, long cleanBelow) {

  /** Of a log that was never compacted. */
  public static final ForgottenDeletions NONE = new ForgottenDeletions(0, 0);

  /**
   * What a follower may say of a deletion it has not met, once it copies from a log that lacks
   * these. What it holds already has come from others; so both must be clean. But a deletion below
   * its own end deletes nothing of what it copies from there on, whoever leads: then what it said
   * stays true, and nothing need be written.
   *
   * @param own of the follower before
   * @param from where it goes on copying
   * @param isEmpty whether it holds nothing
   */
  public long cleanOnceCopied(long own, long from, boolean isEmpty) {
    if (isEmpty) {
      return cleanBelow;
    }
    return own <= from ? own : Math.min(own, cleanBelow);
  }
}
