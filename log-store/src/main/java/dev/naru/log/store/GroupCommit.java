package dev.naru.log.store;

import dev.naru.log.disk.StorageException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Runs the rounds of one data directory on a thread of their own. While a round is under way, the
 * next one gathers: the slower the disk, the more each force covers.
 *
 * <p>How far logs are durable is forced once a second only: no acknowledgement waits for it.
 */
public final class GroupCommit implements AutoCloseable {

  /** A force that is stuck for longer is given up with the process. */
  private static final Duration CLOSE_MAX = Duration.ofSeconds(30);

  /**
   * After a power loss a start reads so much more of each log: often enough to be little, and
   * seldom enough to cost group commits nothing.
   */
  private static final Duration RECORD_EVERY = Duration.ofSeconds(1);

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
      long recorded = nanoTime.getAsLong();
      while (rounds.awaitRequest(RECORD_EVERY)) {
        long start = nanoTime.getAsLong();
        if (rounds.runRound() > 0) {
          roundNanos.accept(nanoTime.getAsLong() - start);
        }
        if (start - recorded >= RECORD_EVERY.toNanos()) {
          rounds.forceRecord();
          recorded = start;
        }
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
