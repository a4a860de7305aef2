package dev.naru.cli.salvage;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.output.Notes;
import dev.naru.cli.output.StdoutClosedException;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.SalvageEntry;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A pass that writes, and the account of it: however it ends, by itself, with a failure of whatever
 * part, or by a signal, somebody hears what was written, what is in doubt and where to go on. Who
 * does not know that can only begin anew, and then has everything twice.
 */
public final class Republication {

  private static final Duration FINISH_MAX = Duration.ofSeconds(5);

  private final SalvageEntry entry;
  private final TopicPartition target;
  private final Republishing pass;
  private final Rewriting rewriting;
  private final RepublishReport report;
  private final Notes notes;
  private final CountDownLatch told = new CountDownLatch(1);
  private final AtomicBoolean isAccountTold =
      new AtomicBoolean(); // by whom of two threads is first
  private volatile boolean isStopped; // written by the thread of a signal, read by ours

  /**
   * Of this entry.
   *
   * @param pass one whose outlet is this rewriting
   */
  public Republication(
      SalvageEntry entry,
      TopicPartition target,
      Republishing pass,
      Rewriting rewriting,
      RepublishReport report,
      Notes notes) {
    this.entry = entry;
    this.target = target;
    this.pass = pass;
    this.rewriting = rewriting;
    this.report = report;
    this.notes = notes;
  }

  /**
   * Writes what these pages hold; fails with whatever went wrong, after all is told.
   *
   * @return the exit status
   */
  public int run(SalvagePages pages) {
    var failure = failureOf(() -> pass.run(pages)).or(this::failureOfARecord);
    boolean isComplete = failure.isEmpty() && !isStopped;
    try {
      var untold = failureOf(() -> tell(isComplete));
      failure = failure.or(() -> untold);
    } finally {
      told.countDown();
    }
    if (failure.isPresent()) {
      throw isComplete ? failure.get() : loud(failure.get());
    }
    return isComplete && pass.count().isAll() ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  private static Optional<RuntimeException> failureOf(Runnable work) {
    try {
      work.run();
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(e);
    }
  }

  private Optional<RuntimeException> failureOfARecord() {
    return rewriting
        .account()
        .cause()
        .map(cause ->
            cause instanceof RuntimeException told ? told : new IllegalStateException(cause));
  }

  private void tell(boolean isComplete) {
    if (!isComplete) {
      tellAccount();
    }
    var count = pass.count();
    notes.note(count.sentence(false));
    count.warnings().forEach((code, text) -> notes.warn(code.name(), text));
    report.end(entry, target, count, rewriting.account(), isComplete);
  }

  private void tellAccount() {
    if (!isAccountTold.getAndSet(true)) {
      notes.say("this ended before all was written:");
      rewriting.account().sentences(target).forEach(line -> notes.say("  " + line));
    }
  }

  /** That nobody reads what is printed ends other commands in silence; here it left work undone. */
  private static RuntimeException loud(RuntimeException failure) {
    return failure instanceof StdoutClosedException
        ? CommandFailure.of(
            ErrorCode.STORAGE_FAILED,
            "Expected somebody to read which offsets records got, but stdout was closed")
        : failure;
  }

  /** Sends no more, waits a little for what is on its way, and sees to it that all is told. */
  public void stop() {
    isStopped = true;
    rewriting.stop();
    try {
      if (!told.await(FINISH_MAX.toSeconds(), TimeUnit.SECONDS)) {
        tellAccount(); // what is not settled yet counts as in doubt
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
