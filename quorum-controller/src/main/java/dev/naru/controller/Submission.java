package dev.naru.controller;

import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.image.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A command on its way through the log, and who waits for it: a caller, or with no reply the
 * controller itself. Compared by identity.
 */
final class Submission {

  private final CommandEnvelope envelope;
  private final Optional<CompletableFuture<Outcome>> reply;
  private final long sentNanos;

  Submission(CommandEnvelope envelope, Optional<CompletableFuture<Outcome>> reply, long sentNanos) {
    this.envelope = envelope;
    this.reply = reply;
    this.sentNanos = sentNanos;
  }

  CommandEnvelope envelope() {
    return envelope;
  }

  Optional<CompletableFuture<Outcome>> reply() {
    return reply;
  }

  long ageNanos(long nowNanos) {
    return nowNanos - sentNanos;
  }
}
