package dev.naru.broker.replica;

import dev.naru.types.Refused;

/** Where a follower is between asking its leader and copying from it. */
public sealed interface FollowerPhase {

  /** Without a subscription until this moment. */
  record Idle(long untilNanos) implements FollowerPhase {}

  /** Has subscribed, and waits for the answer. Takes no batch and no high watermark. */
  record Asking() implements FollowerPhase {}

  /** Was accepted. */
  record Streaming() implements FollowerPhase {}

  /** Follows no more in this leader epoch. */
  record Halted(Refused why) implements FollowerPhase {}
}
