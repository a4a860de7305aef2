package dev.naru.client.fake;

import dev.naru.types.ErrorCode;
import java.util.Optional;

/**
 * What a node does with a batch.
 *
 * @param appends whether the batch is stored
 * @param refusal the code of the answer, if it is no success
 */
public record Reaction(boolean appends, Optional<ErrorCode> refusal, Reply reply) {

  /** Whether the producer hears of it. */
  public enum Reply {
    AT_ONCE,
    WHEN_RELEASED,
    NEVER,
    /** The stream breaks instead. */
    BREAK
  }

  public boolean isFault() {
    return !equals(accept());
  }

  public static Reaction accept() {
    return new Reaction(true, Optional.empty(), Reply.AT_ONCE);
  }

  public static Reaction refuse(ErrorCode code) {
    return new Reaction(false, Optional.of(code), Reply.AT_ONCE);
  }

  /** Stored, but the answer says that nobody knows. */
  public static Reaction appendAndRefuse(ErrorCode code) {
    return new Reaction(true, Optional.of(code), Reply.AT_ONCE);
  }

  /** Stored; answered when the test says so. */
  public static Reaction hold() {
    return new Reaction(true, Optional.empty(), Reply.WHEN_RELEASED);
  }

  /** Stored, and the answer is lost. */
  public static Reaction appendSilently() {
    return new Reaction(true, Optional.empty(), Reply.NEVER);
  }

  /** Not stored, and nobody says so. */
  public static Reaction ignore() {
    return new Reaction(false, Optional.empty(), Reply.NEVER);
  }

  /** Stored, and the stream breaks before the answer. */
  public static Reaction appendAndBreak() {
    return new Reaction(true, Optional.empty(), Reply.BREAK);
  }

  /** Not stored, and the stream breaks. */
  public static Reaction breakStream() {
    return new Reaction(false, Optional.empty(), Reply.BREAK);
  }
}
