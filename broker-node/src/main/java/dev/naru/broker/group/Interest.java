package dev.naru.broker.group;

/**
 * What a group wants to read: its members, their subscriptions and the topics. And what of that its
 * present target answers, or in a classic group its present round.
 *
 * @param epoch of the group, when members or subscriptions last changed, or when it was noticed
 *     that topics did
 * @param answered the epoch of the interest that the present target answers
 * @param topicsIndex index in the metadata log of the topics by which the target was made: topics
 *     that are older say nothing to a group that has seen newer ones
 * @param topicsDigest {@linkplain TopicsSeen#digestOf digest} of these topics: while it stays the
 *     same, so does what there is to share
 */
public record Interest(int epoch, int answered, long topicsIndex, long topicsDigest) {

  /** Of a group that never had members. */
  public static final Interest NONE = new Interest(0, 0, 0, 0);

  /** Whether the target answers an older question than the one there is now. */
  public boolean isDue() {
    return epoch > answered;
  }

  /** Whether the group has seen newer topics than these. */
  boolean isNewerThan(TopicsSeen topics) {
    return topics.imageIndex() < topicsIndex;
  }

  Interest changedAt(int changed) {
    return new Interest(changed, answered, topicsIndex, topicsDigest);
  }

  /** All that was asked is answered. */
  Interest made() {
    return new Interest(epoch, epoch, topicsIndex, topicsDigest);
  }

  /** The answer is made of these topics. */
  Interest of(TopicsSeen topics, long digest) {
    return new Interest(epoch, answered, topics.imageIndex(), digest);
  }
}
