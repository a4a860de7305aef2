package dev.naru.controller;

import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.MetadataLog;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The commands that were handed to the log and are not settled. Each is taken out once: when the
 * log has settled it, or when its time is over, whichever comes first.
 */
final class Submissions {

  /** Longer than an election and the commit after it; then the caller should look elsewhere. */
  static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(5);

  /** Below what Ratis itself holds back (4096), with room for the controller's own commands. */
  static final int COUNT_MAX = 2048;

  private final MetadataLog log;
  private final Consumer<ControllerInput> mailbox;

  /** In the order they were sent, which is that of their deadlines. */
  private final LinkedHashSet<Submission> underWay = new LinkedHashSet<>();

  Submissions(MetadataLog log, Consumer<ControllerInput> mailbox) {
    this.log = log;
    this.mailbox = mailbox;
  }

  boolean isEmpty() {
    return underWay.isEmpty();
  }

  boolean isFull() {
    return underWay.size() >= COUNT_MAX;
  }

  void send(Submission submission) {
    underWay.add(submission);
    var _ =
        submit(submission.envelope())
            .whenComplete((outcome, fault) ->
                mailbox.accept(
                    fault == null
                        ? new ControllerInput.Settled(submission, outcome)
                        : new ControllerInput.Unsettled(submission, unwrapped(fault))));
  }

  /**
   * A command that cannot be handed over must not end the controller, and the next one after it.
   */
  private CompletableFuture<Outcome> submit(CommandEnvelope envelope) {
    try {
      return log.submit(envelope);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static Throwable unwrapped(Throwable fault) {
    return fault instanceof CompletionException e && e.getCause() != null ? e.getCause() : fault;
  }

  /** False if it was taken out before. */
  boolean takeOut(Submission submission) {
    return underWay.remove(submission);
  }

  /** Takes out those whose time is over. */
  List<Submission> takeOutExpired(long nowNanos) {
    var expired = new ArrayList<Submission>();
    for (var each = underWay.iterator(); each.hasNext(); ) {
      Submission submission = each.next();
      if (submission.ageNanos(nowNanos) < NANOS_MAX) {
        break;
      }
      each.remove();
      expired.add(submission);
    }
    return expired;
  }

  List<Submission> takeOutAll() {
    var all = List.copyOf(underWay);
    underWay.clear();
    return all;
  }
}
