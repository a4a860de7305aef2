package dev.naru.broker.replica;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.types.Refused;

/** What the leader of a partition wants done, in the order given. */
public sealed interface LeaderEffect {

  /** Append the batch, and report back with {@link LeaderInput.Appended} before anything else. */
  record Append(ProduceAsked asked) implements LeaderEffect {}

  /** Answer a request with an error; nothing was appended for it. */
  record RefuseProduce(ProduceAsked asked, Refused why) implements LeaderEffect {}

  /**
   * Answer a request: its batch starts at this offset.
   *
   * @param isDuplicate whether the batch was appended for an earlier request
   */
  record AnswerProduce(ProduceAsked asked, long firstOffset, boolean isDuplicate)
      implements LeaderEffect {}

  /**
   * Answer a request once the high watermark has reached the end of its batch, which is above it.
   *
   * @param isDuplicate whether the batch was appended for an earlier request: then others may wait
   *     for what lies behind it
   */
  record AwaitCommit(ProduceAsked asked, long firstOffset, long end, boolean isDuplicate)
      implements LeaderEffect {}

  /** Everything below is committed: answer who waited for it. */
  record AdvanceHighWatermark(long to) implements LeaderEffect {}

  /** No replica in sync begins below this, whoever leads next: answer who waited for it. */
  record StartInSync(long to) implements LeaderEffect {}

  /** Say this to a follower: a refusal or a truncation. */
  record Tell(SubscriptionId to, ToFollower message) implements LeaderEffect {}

  /**
   * Accept the subscription, and from now on send it batches within its credit.
   *
   * @param beginsEmpty whether the follower has no batch from which it could know the producers
   *     that wrote before: then it is told of them
   */
  record Feed(
      SubscriptionId to, ToFollower.AcceptOrder order, boolean beginsEmpty, long creditBytes)
      implements LeaderEffect {}

  /** Send nothing more to this subscription. */
  record StopFeeding(SubscriptionId subscription) implements LeaderEffect {}

  /** Bring the proposal to the controller; the same one again is a repetition, not a second one. */
  record Propose(AlterPartition proposal) implements LeaderEffect {}

  /** Someone may want to know. */
  record Report(PartitionEvent event) implements LeaderEffect {}
}
