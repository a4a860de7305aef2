package dev.naru.broker.replica;

import dev.naru.broker.replica.ToFollower.BatchesFrame;
import dev.naru.metadata.image.LogEnd;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.Refused;

/** What a follower of a partition wants done, in the order given. */
public sealed interface FollowerEffect {

  /** End the live subscription, if there is one, and begin another. */
  record Subscribe() implements FollowerEffect {}

  /** End the live subscription. */
  record Unsubscribe() implements FollowerEffect {}

  /** Append the batches, and report back before anything else. */
  record Append(BatchesFrame frame) implements FollowerEffect {}

  /** Cut the log so that it ends here; what is cut is set aside. */
  record Truncate(long end, String why) implements FollowerEffect {}

  /** Set the whole log aside and begin at this offset. */
  record StartOver(long at, String why) implements FollowerEffect {}

  /**
   * Note that what follows this offset is copied from a log from which this is gone, before any of
   * it is appended. What was noted of deletions from there on is void: it was said of another log.
   *
   * @param from where the log ends, and all that was here from there on is gone
   * @param forgotten what was gone from the leader's log, and up to where this one will be clean
   */
  record CopyFrom(long from, ForgottenDeletions forgotten) implements FollowerEffect {}

  /**
   * Announce that all from this offset on is lost with the cut that the leader wants. Nothing is
   * cut meanwhile.
   */
  record DeclareLoss(LeaderEpoch lossEpoch, LogEnd log, long cutFrom) implements FollowerEffect {}

  /**
   * What is committed ends here, other than was thought before: the rest was cut, and is declared
   * lost.
   */
  record LowerHighWatermark(long to) implements FollowerEffect {}

  /** Tell the leader how far the log and its durable part reach; may be coalesced. */
  record Acknowledge() implements FollowerEffect {}

  /** Let the leader send so many more bytes; may be coalesced. */
  record Grant(long bytes) implements FollowerEffect {}

  /** Everything below is known to be committed. */
  record AdvanceHighWatermark(long to) implements FollowerEffect {}

  /** The leader has dropped what lies below. */
  record RaiseLogStart(long to) implements FollowerEffect {}

  /** The last batch is not what the leader wrote there: no use of the log any more. */
  record GiveUpLog(Refused why) implements FollowerEffect {}

  /** Someone may want to know. */
  record Report(PartitionEvent event) implements FollowerEffect {}
}
