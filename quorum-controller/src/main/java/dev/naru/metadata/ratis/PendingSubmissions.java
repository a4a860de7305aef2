package dev.naru.metadata.ratis;

import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.OutcomeUnknownException;
import dev.naru.metadata.log.QuorumView;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The commands this process has handed to Ratis and whose outcome is not known. Apply completes
 * them by call id, because the outcome is what was decided at the command's place in the log; what
 * Ratis replies only tells when nothing will come of one. Touched by the submitter, by apply, and
 * by Ratis' threads.
 */
final class PendingSubmissions {

  private static final Refused LEAD_LOST =
      new Refused(
          ErrorCode.METADATA_QUORUM_LOST,
          "Expected the metadata quorum to commit, but this node lost its lead meanwhile; the command may"
              + " still be decided; "
              + QuorumView.STILL_WORKS);

  private final ConcurrentHashMap<Long, Pending> pending = new ConcurrentHashMap<>();
  private final AtomicLong calls = new AtomicLong();

  private static final class Pending {
    final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    /** Written under Ratis' lock just before the append, read when Ratis gives the command up. */
    volatile boolean mayBeInLog;
  }

  /** A command that was given a call id. */
  record Ticket(long call, CompletableFuture<Outcome> outcome) {}

  Ticket open() {
    long call = calls.incrementAndGet();
    var entry = new Pending();
    pending.put(call, entry);
    return new Ticket(call, entry.outcome);
  }

  /** From here on nobody can tell whether the command stands in the log until it is applied. */
  void aboutToAppend(long call) {
    var entry = pending.get(call);
    if (entry != null) {
      entry.mayBeInLog = true;
    }
  }

  /** Applied at its place in the log. */
  void decided(long call, Outcome outcome) {
    var entry = pending.remove(call);
    if (entry != null) {
      entry.outcome.complete(outcome);
    }
  }

  /** Ratis gave it up: definite if it never reached the log, unknown otherwise. */
  void givenUp(long call, Outcome.NotAppended notAppended) {
    var entry = pending.remove(call);
    if (entry == null) {
      return;
    }
    if (entry.mayBeInLog) {
      entry.outcome.completeExceptionally(new OutcomeUnknownException(LEAD_LOST));
    } else {
      entry.outcome.complete(notAppended);
    }
  }
}
