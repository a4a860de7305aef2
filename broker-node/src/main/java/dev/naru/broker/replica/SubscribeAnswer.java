package dev.naru.broker.replica;

import dev.naru.log.epoch.EpochEnd;

/** How a follower's log compares with the leader's. */
public sealed interface SubscribeAnswer {

  /** It is a prefix of the leader's, or holds nothing: it goes on from here. */
  record FitsUpTo(long from) implements SubscribeAnswer {}

  /** It has nothing in common with what the leader still keeps: begin at the leader's log start. */
  record NothingShared(long logStart) implements SubscribeAnswer {}

  /** It holds records that the leader does not: cut back to this, and ask again. */
  record Parts(EpochEnd point) implements SubscribeAnswer {}
}
