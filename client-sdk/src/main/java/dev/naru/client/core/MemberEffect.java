package dev.naru.client.core;

/** What is to be done for a {@link Membership}, in the order in which it says so. */
public sealed interface MemberEffect {

  /**
   * Find the coordinator and open a stream to it; {@link MemberInput.Opened} or {@link
   * MemberInput.Broken} says what came of it.
   *
   * @param stream tells this stream from others, which are closed by then. Rises, so the
   *     coordinator is to be told it with the join: as the attempt by which it knows one that was
   *     overtaken
   */
  record Open(int stream) implements MemberEffect {}

  /**
   * Send this. Heard is what the coordinator answers of: that it has heard everything up to a
   * sequence.
   */
  record Send(int stream, long sequence, MemberMessage message) implements MemberEffect {}

  /** Close the stream, after what was sent on it. */
  record Close(int stream) implements MemberEffect {}

  /** Tell the thread that polls, instead of what it has not seen yet. */
  record Tell(Told told) implements MemberEffect {}

  /** Let people know that the application did not poll in time. */
  record WarnOfOverstay(long sincePollNanos) implements MemberEffect {}
}
