package dev.naru.client.core;

import dev.naru.types.Refused;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The unanswered batches of one partition, and the rule that keeps their order without sequence
 * numbers.
 *
 * <p>Batches are sent one behind the other under an attempt number. Once the leader has refused one
 * of them it refuses everything else of that attempt, so what it takes of an attempt is always a
 * run without holes from the attempt's beginning. Here the matching half: after a refusal or a
 * broken stream nothing more is sent until all are accounted for; then the rest goes back, in
 * order, and out again under the next attempt, from its oldest batch. Whatever old streams still
 * deliver are therefore runs that begin at or before the same batch: records may be stored twice,
 * but a record's first copy never precedes that of one sent before it.
 *
 * <p>Owned by the sender.
 */
public final class InFlight<B> {

  private final ArrayDeque<Sent<B>> unsettled = new ArrayDeque<>(); // in the order of sending
  private int attempt;
  private int unanswered;
  private boolean isReturning; // Invariant: true exactly while something refused is in the queue

  /** The number under which batches go out now. */
  public int attempt() {
    return attempt;
  }

  /**
   * Goes out under this number from now on. Numbers are the sender's, for all lanes: the leader
   * keeps its rule for a stream and a partition, and producers of one client share both.
   *
   * @throws IllegalStateException while batches are on their way under another one
   */
  public void begin(int newAttempt) {
    if (!unsettled.isEmpty()) {
      throw new IllegalStateException("Expected nothing on its way, but " + unsettled.size());
    }
    attempt = newAttempt;
  }

  /** Whether no batch is on its way. */
  public boolean isEmpty() {
    return unsettled.isEmpty();
  }

  /** Whether one more batch may go out. */
  public boolean hasRoom(int most) {
    return !isReturning && unsettled.size() < most;
  }

  /** The oldest batch that is not settled. */
  public Optional<B> oldest() {
    return Optional.ofNullable(unsettled.peekFirst()).map(sent -> sent.batch);
  }

  /** The batches that are not settled, oldest first. */
  public List<B> batches() {
    return unsettled.stream().map(sent -> sent.batch).toList();
  }

  /** A batch went out; request ids only rise. */
  public void sent(long requestId, B batch) {
    if (isReturning) {
      throw new IllegalStateException("Expected the attempt to go on, but it was refused");
    }
    unsettled.addLast(new Sent<>(requestId, batch));
    unanswered++;
  }

  /** The leader took it. Empty for a request that is no longer waited for. */
  public Optional<B> accepted(long requestId) {
    for (var each = unsettled.iterator(); each.hasNext(); ) {
      var sent = each.next();
      if (sent.requestId == requestId && sent.refusal.isEmpty()) {
        each.remove();
        unanswered--;
        return Optional.of(sent.batch);
      }
    }
    return Optional.empty();
  }

  /** The leader refused it. Empty for a request that is no longer waited for. */
  public Optional<B> refused(long requestId, Refused why) {
    for (var sent : unsettled) {
      if (sent.requestId == requestId && sent.refusal.isEmpty()) {
        sent.refusal = Optional.of(why);
        unanswered--;
        isReturning = true;
        return Optional.of(sent.batch);
      }
    }
    return Optional.empty();
  }

  /** No more answers will come: the stream broke, or the leader is another one. */
  public void lost(Refused why) {
    for (var sent : unsettled) {
      if (sent.refusal.isEmpty()) {
        sent.refusal = Optional.of(why);
        sent.isLost = true;
        unanswered--;
        isReturning = true;
      }
    }
  }

  /**
   * What goes back, oldest first, once nothing is unanswered; a later attempt begins with it. Empty
   * while answers are missing or when nothing was refused.
   */
  public List<Returned<B>> takeReturned() {
    if (!isReturning || unanswered > 0) {
      return List.of();
    }
    var returned = new ArrayList<Returned<B>>(unsettled.size());
    boolean isCauseKnown = false;
    for (var sent : unsettled) {
      var fate = sent.isLost ? Fate.UNKNOWN : isCauseKnown ? Fate.FOLLOWED : Fate.REFUSED;
      isCauseKnown |= fate == Fate.REFUSED;
      returned.add(new Returned<>(sent.batch, fate, sent.refusal.orElseThrow()));
    }
    unsettled.clear();
    isReturning = false;
    return returned;
  }

  /** What is known of a batch that goes back. */
  public enum Fate {
    /** Refused for a reason of its own. */
    REFUSED,
    /** Refused only because one before it was. */
    FOLLOWED,
    /** Nobody answered: it may be stored. */
    UNKNOWN
  }

  /** A batch that goes back. */
  public record Returned<B>(B batch, Fate fate, Refused why) {}

  private static final class Sent<B> {

    final long requestId;
    final B batch;
    Optional<Refused> refusal = Optional.empty();
    boolean isLost;

    Sent(long requestId, B batch) {
      this.requestId = requestId;
      this.batch = batch;
    }
  }
}
