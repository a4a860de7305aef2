package dev.naru.broker.rpc;

import dev.naru.types.TopicId;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Draws the ids of topics. */
final class NewTopicId {

  private NewTopicId() {}

  /** Version 4, as {@code UUID.randomUUID} would make it, from the node's own dice. */
  static TopicId from(RandomGenerator dice) {
    long high = (dice.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
    long low = (dice.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new TopicId(new UUID(high, low));
  }
}
