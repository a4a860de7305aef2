package dev.naru.log.store;

import dev.naru.log.disk.StorageException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Runs the rounds of one data directory on a thread of their own. While a round is under way, the
 * next one gathers: the slower the disk, the more each force covers.
 */
public final class GroupCommit implements AutoCloseable {

  /** A force that is stuck for longer is given up with the process. */
  private static final Duration CLOSE_MAX = Duration.ofSeconds(30);

  private final ForceRounds rounds;
  private final LongSupplier nanoTime;
  private final LongConsumer roundNanos;
  private final Thread thread;

  private GroupCommit(
      ForceRounds rounds, ThreadFactory threads, LongSupplier nanoTime, LongConsumer roundNanos) {
    this.rounds = rounds;
    this.nanoTime = nanoTime;
    this.roundNanos = roundNanos;
    this.thread = threads.newThread(this::run);
  }

  /**
   * Starts the thread.
   *
   * @param roundNanos is told how long each round took
   */
  public static GroupCommit start(
      ForceRounds rounds, ThreadFactory threads, LongSupplier nanoTime, LongConsumer roundNanos) {
    var commit = new GroupCommit(rounds, threads, nanoTime, roundNanos);
    commit.thread.start();
    return commit;
  }

  private void run() {
    try {
      while (rounds.awaitRequest()) {
        long start = nanoTime.getAsLong();
        rounds.runRound();
        roundNanos.accept(nanoTime.getAsLong() - start);
      }
    } catch (StorageException alreadyTold) {
      // The directory has ended, and its listener has heard of it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      rounds.fail(); // whatever the end was, nothing that waits will be done
    }
  }

  /** Finishes what was asked for, and ends the thread. */
  @Override
  public void close() {
    rounds.close();
    try {
      thread.join(CLOSE_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
