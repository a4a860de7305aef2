package dev.naru.client.core;

import java.util.ArrayDeque;
import java.util.OptionalLong;

/**
 * What was sent on a stream, and until when the sender is surely a member: a session long, counted
 * from when the newest message that was heard had been sent. The coordinator counts from when it
 * heard it, which was later: so it does not give partitions away before this is over.
 */
final class Lease {

  private final long sessionNanos;
  private final ArrayDeque<Sent> unheard = new ArrayDeque<>();
  private OptionalLong endNanos = OptionalLong.empty();
  private long lastSequence;
  private long lastSentNanos;

  Lease(long sessionNanos) {
    this.sessionNanos = sessionNanos;
  }

  /** Another stream: nothing of what was sent before will be heard. The lease goes on. */
  void beginStream() {
    unheard.clear();
    lastSequence = 0;
  }

  /** It is not a member. */
  void end() {
    endNanos = OptionalLong.empty();
  }

  /** The sequence of a message that is sent now. */
  long sent(long nowNanos) {
    unheard.addLast(new Sent(++lastSequence, nowNanos));
    lastSentNanos = nowNanos;
    return lastSequence;
  }

  /** Everything up to this was heard. What was not sent was not heard either. */
  void heard(long sequence) {
    while (!unheard.isEmpty() && unheard.getFirst().sequence <= sequence) {
      long end = unheard.removeFirst().nanos + sessionNanos;
      if (endNanos.isEmpty() || end - endNanos.getAsLong() > 0) {
        endNanos = OptionalLong.of(end);
      }
    }
  }

  boolean isOver(long nowNanos) {
    return endNanos.isPresent() && nowNanos - endNanos.getAsLong() >= 0;
  }

  /** When it will be over; empty without one. */
  OptionalLong endNanos() {
    return endNanos;
  }

  /** When the last message was sent. */
  long lastSentNanos() {
    return lastSentNanos;
  }

  /** When the eldest message was sent that is not known to be heard; empty if all are. */
  OptionalLong unheardSinceNanos() {
    return unheard.isEmpty() ? OptionalLong.empty() : OptionalLong.of(unheard.getFirst().nanos);
  }

  private record Sent(long sequence, long nanos) {}
}
