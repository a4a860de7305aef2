package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.OperationText;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.admin.Admin;
import dev.naru.client.admin.OperationDescription;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** Waits for operations, and says how far they are. */
final class OperationWait {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(300);

  /** Nobody remembers it longer. */
  private static final Duration LIMIT = Duration.ofDays(7);

  private final Invocation invocation;

  OperationWait(Invocation invocation) {
    this.invocation = invocation;
  }

  /**
   * Prints what has begun, or its end if it is to be waited for.
   *
   * @return the exit status: failed if it was waited for and cancelled
   */
  int report(Admin admin, OperationDescription begun, boolean isAwaited) {
    var shown = isAwaited ? await(admin, begun.id()) : begun;
    if (!isAwaited && !shown.isFinished()) {
      invocation
          .notes()
          .note("begun; naru ops wait " + OperationText.name(shown) + " waits for its end");
    }
    invocation.print(
        Listing.single(shown, OperationText::json, OperationText::name, OperationText::text));
    return isAwaited && shown.state() == OperationDescription.State.CANCELLED
        ? ExitStatus.FAILED
        : ExitStatus.DONE;
  }

  /** The same, or what would begin. */
  int show(Admin admin, OperationDescription begun, boolean isDryRun, boolean isAwaited) {
    if (!isDryRun) {
      return report(admin, begun, isAwaited);
    }
    invocation.notes().note("would be about %d %s".formatted(begun.total(), begun.unit()));
    invocation.print(
        Listing.single(begun, OperationText::json, OperationText::name, OperationText::moves));
    return ExitStatus.DONE;
  }

  /** Until it has ended, or {@code --timeout} is over. */
  OperationDescription await(Admin admin, UUID id) {
    long limit = invocation.flags().timeout().orElse(LIMIT).toNanos();
    long began = System.nanoTime();
    var said = "";
    while (true) {
      var now = invocation.await(admin.operations().describe(id));
      if (now.isFinished()) {
        return now;
      }
      var progress =
          OperationText.progress(now)
              + now.waitsFor().map(what -> ", waits for " + what).orElse("");
      if (!progress.equals(said)) {
        invocation.notes().note(progress);
        said = progress;
      }
      if (System.nanoTime() - began > limit) {
        throw new NaruTimeoutException(
            ErrorCode.REQUEST_TIMEOUT,
            "Expected %s to end within %d ms, but it goes on: %s"
                .formatted(OperationText.name(now), limit / 1_000_000, progress));
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }
}
