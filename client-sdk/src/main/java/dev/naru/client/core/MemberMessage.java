package dev.naru.client.core;

import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.UUID;

/** What a member says to the coordinator of its group. */
public sealed interface MemberMessage {

  /**
   * It wants to be a member, or to go on being one.
   *
   * @param held what it holds, and the epoch up to which it has done as it was told; zero, and
   *     nothing, for a beginning
   * @param attempt rises with every join of this member, so that one that was under way for long is
   *     known from a later one
   */
  record Join(SortedSet<String> topics, Held held, int attempt) implements MemberMessage {}

  /** It is alive. */
  record Heartbeat() implements MemberMessage {}

  /** It has done as it was told. */
  record Holding(Held held) implements MemberMessage {}

  /**
   * What each member of a classic group gets, as worked out by this one.
   *
   * @param shares known to the members only
   */
  record Sync(int generation, SortedMap<UUID, ByteBuffer> shares) implements MemberMessage {}

  /** It wants to read these topics from now on. */
  record Subscribe(SortedSet<String> topics) implements MemberMessage {}

  /**
   * It goes.
   *
   * @param stays whether its partitions wait for it to come back, until its session is over
   * @param cause for people
   */
  record Leave(boolean stays, String cause) implements MemberMessage {}
}
