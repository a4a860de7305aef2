package dev.naru.broker.coordinator;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Answers that change nothing, and rest on this node being the one that knows. A coordinator that
 * others have left could give them, and be wrong. So they wait for a barrier, one a turn for all,
 * whose being committed shows that nobody else led when they were asked for; or at least until the
 * image is current, where an answer that is some seconds old does no harm.
 */
final class UnwrittenAnswers {

  private final Standing standing;
  private final WaitingReplies replies;
  private final GroupDeadlines deadlines;
  private final List<Waiting> waiting = new ArrayList<>();

  private record Waiting(Runnable answer, Consumer<Refused> refused) {}

  UnwrittenAnswers(Standing standing, WaitingReplies replies, GroupDeadlines deadlines) {
    this.standing = standing;
    this.replies = replies;
    this.deadlines = deadlines;
  }

  /** Whether no more is to be taken. */
  boolean isFull() {
    return replies.isFull() || waiting.size() >= ShardLimits.WAITING_MAX;
  }

  /** What was decided by the log up to this end. */
  void decided(long end, Runnable answer, Consumer<Refused> refused) {
    if (standing.isCurrent()) {
      await(end, answer, refused);
    } else {
      read(answer, refused);
    }
  }

  /** What must be no older than the question. */
  void read(Runnable answer, Consumer<Refused> refused) {
    waiting.add(new Waiting(answer, refused));
  }

  /** Whether somebody waits for a barrier. */
  boolean needBarrier() {
    return !waiting.isEmpty();
  }

  /** Everything that was asked by now was asked before the log ended here. */
  void barrierAt(long end) {
    waiting.forEach(one -> await(end, one.answer(), one.refused()));
    waiting.clear();
  }

  /** There is no barrier: nothing is known for certain. */
  void refuseAll(Refused why) {
    var refused = List.copyOf(waiting);
    waiting.clear();
    refused.forEach(one -> one.refused().accept(why));
  }

  private void await(long end, Runnable answer, Consumer<Refused> refused) {
    replies.await(end, answer, refused, deadlines.in(ShardLimits.WAIT_MAX));
  }

  /** For those who find no room. */
  static Refused tooMany() {
    return new Refused(
        ErrorCode.COORDINATOR_NOT_AVAILABLE,
        "Expected room to wait for what is asked to be committed, but too many wait already");
  }
}
