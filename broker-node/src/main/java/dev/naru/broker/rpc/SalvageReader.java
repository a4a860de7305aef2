package dev.naru.broker.rpc;

import dev.naru.log.disk.StorageException;
import dev.naru.log.salvage.SetAside;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Reads in {@code lost+found} of one data directory for whoever calls, on a thread that may wait
 * for a disk. One read at a time: of the readers that a directory has, consumers keep the other.
 * The permit comes back when the read ends, and not when the caller gives up: a disk that hangs
 * takes one thread, not all. Any thread.
 */
final class SalvageReader {

  /** The reads of others take less, unless their disk is in trouble. */
  private static final Duration PERMIT_WAIT_MAX = Duration.ofSeconds(1);

  /** After that a disk counts as one that hangs: its own, or all that the threads wait for. */
  private static final Duration READ_MAX = Duration.ofSeconds(5);

  private final SalvageDirectory directory;
  private final Executor reads;
  private final LongSupplier nanoTime;
  private final Semaphore permit = new Semaphore(1);

  /** Written by whoever holds the permit, read by those that wait for it. */
  private volatile Optional<UnderWay> underWay = Optional.empty();

  /**
   * A read.
   *
   * @param sinceNanos when it was handed over, or once it has begun, when that was
   */
  private record UnderWay(boolean hasBegun, long sinceNanos) {}

  SalvageReader(SalvageDirectory directory, Executor reads, LongSupplier nanoTime) {
    this.directory = directory;
    this.reads = reads;
    this.nanoTime = nanoTime;
  }

  /** What a read came to. */
  sealed interface Outcome<T> {

    /** What was read. */
    record Read<T>(T value) implements Outcome<T> {}

    /** Why nothing was: {@code TOO_MANY_REQUESTS} only if another read goes on as it should. */
    record Failed<T>(Refused why) implements Outcome<T> {}
  }

  String location() {
    return directory.location();
  }

  /**
   * Reads; waits for it no longer than this.
   *
   * @param work is told, too, whether anybody still waits
   */
  <T> Outcome<T> read(long limitMillis, BiFunction<SetAside, BooleanSupplier, T> work) {
    long startedNanos = nanoTime.getAsLong();
    var result = new CompletableFuture<T>();
    try {
      long wait = Math.min(limitMillis / 2, PERMIT_WAIT_MAX.toMillis());
      if (!permit.tryAcquire(wait, TimeUnit.MILLISECONDS)) {
        return new Outcome.Failed<>(busy());
      }
      hand(() -> perform(work, result));
      long waited = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - startedNanos);
      return new Outcome.Read<>(result.get(limitMillis - waited, TimeUnit.MILLISECONDS));
    } catch (RejectedExecutionException e) {
      return new Outcome.Failed<>(
          new Refused(
              ErrorCode.TOO_MANY_REQUESTS, "Expected room in the queue of reads, but it is full"));
    } catch (TimeoutException e) {
      result.cancel(false); // the read sees it and ends, unless the disk hangs
      return new Outcome.Failed<>(
          new Refused(
              ErrorCode.REQUEST_TIMEOUT,
              "Expected %s to answer within %d ms, but it did not"
                  .formatted(location(), limitMillis)));
    } catch (ExecutionException e) {
      return new Outcome.Failed<>(whyUnread(Optional.ofNullable(e.getCause()).orElse(e)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Failed<>(new Refused(ErrorCode.NODE_STARTING, "This node stops"));
    }
  }

  private void hand(Runnable read) {
    underWay = Optional.of(new UnderWay(false, nanoTime.getAsLong()));
    try {
      reads.execute(read);
    } catch (RejectedExecutionException e) {
      over();
      throw e;
    }
  }

  private <T> void perform(
      BiFunction<SetAside, BooleanSupplier, T> work, CompletableFuture<T> result) {
    underWay = Optional.of(new UnderWay(true, nanoTime.getAsLong()));
    try {
      if (!result.isDone()) {
        result.complete(work.apply(directory.content(), () -> !result.isDone()));
      }
    } catch (RuntimeException | Error e) {
      result.completeExceptionally(e);
    } finally {
      over();
    }
  }

  private void over() {
    underWay = Optional.empty();
    permit.release();
  }

  /** A thread comes free within milliseconds, unless all that read wait for disks that hang. */
  private Refused busy() {
    return underWay
        .filter(read -> millisOf(read) > READ_MAX.toMillis())
        .map(read ->
            new Refused(
                ErrorCode.STORAGE_FAILED,
                read.hasBegun()
                    ? "Expected a read in %s to come back, but one has not for %d ms"
                        .formatted(location(), millisOf(read))
                    : "Expected a thread for a read in %s, but all have waited for disks for %d ms"
                        .formatted(location(), millisOf(read))))
        .orElseGet(() ->
            new Refused(
                ErrorCode.TOO_MANY_REQUESTS,
                "Expected at most one read of what %s has set aside at a time"
                    .formatted(location())));
  }

  private long millisOf(UnderWay read) {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - read.sinceNanos());
  }

  private static Refused whyUnread(Throwable fault) {
    return fault instanceof StorageException failed
        ? new Refused(ErrorCode.STORAGE_FAILED, String.valueOf(failed.getMessage()))
        : new Refused(ErrorCode.INTERNAL, "Expected to read what was set aside, but: " + fault);
  }
}
