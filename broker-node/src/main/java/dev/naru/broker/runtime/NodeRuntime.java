package dev.naru.broker.runtime;

import dev.naru.broker.events.EventCode;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.transport.EventLoops;
import dev.naru.broker.transport.PooledMemory;
import dev.naru.metadata.log.FatalFault;
import dev.naru.types.NodeId;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * What every part of a node is given: clocks, dice, threads, memory, meters.
 *
 * @param waiting a virtual thread for each task that may wait
 * @param chores one thread for what waits for disks in the background; it holds at most a task for
 *     each partition and a few that repeat
 * @param targets one thread for what takes long to compute; it refuses what it has no room for
 * @param memory where batches of clients and of other nodes are received
 * @param clientLoops moves the bytes of clients
 * @param peerLoops moves the bytes of other nodes, which must not wait behind clients
 */
public record NodeRuntime(
    NodeId node,
    Clocks clocks,
    RandomGenerator dice,
    NodeThreads threads,
    NodeMeters meters,
    FatalFault fatal,
    ExecutorService waiting,
    ScheduledExecutorService chores,
    ExecutorService targets,
    PooledMemory memory,
    EventLoops clientLoops,
    EventLoops peerLoops)
    implements AutoCloseable {

  private static final Logger LOG = LogManager.getLogger(NodeRuntime.class);

  private static final int LOOPS_MAX = 8;

  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

  /** A chore that takes longer waits for a disk that hangs. */
  private static final Duration CHORE_MAX = Duration.ofSeconds(10);

  /** Large groups whose targets wait to be computed; the others ask again a second later. */
  private static final int TARGETS_MAX = 1_000;

  public static NodeRuntime create(
      NodeId node, Clocks clocks, FatalFault fatal, PooledMemory memory) {
    int cores = Runtime.getRuntime().availableProcessors();
    var threads = new NodeThreads(fatal);
    return new NodeRuntime(
        node,
        clocks,
        new SecureRandom(),
        threads,
        NodeMeters.create(node),
        fatal,
        NodeThreads.virtual("call"),
        newChores(threads),
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(TARGETS_MAX),
            threads.named("targets")),
        memory,
        EventLoops.start(Math.max(1, cores / 2), threads.numbered("net")),
        EventLoops.start(cores < 4 ? 1 : 2, threads.numbered("peer")));
  }

  /**
   * What is asked of a node that has ended its chores is not done, which whoever asks must bear.
   */
  private static ScheduledExecutorService newChores(NodeThreads threads) {
    var chores =
        new ScheduledThreadPoolExecutor(
            1, threads.named("chores"), new ThreadPoolExecutor.DiscardPolicy());
    chores.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return chores;
  }

  /** Outside the heap, of which the JVM allows as much as it allows heap. */
  public static PooledMemory newMemory() {
    return new PooledMemory(Runtime.getRuntime().maxMemory() / 2);
  }

  /** About one loop a core. */
  public static int loopCount() {
    return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, LOOPS_MAX);
  }

  /**
   * An eighth of the heap: what batches of all clients, and once more of all followers, may take.
   */
  public static long heapShareBytes() {
    return Runtime.getRuntime().maxMemory() / 8;
  }

  /**
   * Repeats a chore at an interval that may change meanwhile, which it is asked for every second,
   * or as often as it is at first.
   */
  public void repeat(Supplier<Duration> interval, String name, Runnable chore) {
    var due = new Recurrence(interval, clocks.nanos().getAsLong());
    var first = interval.get();
    repeat(
        first.compareTo(LOOK_INTERVAL) < 0 ? first : LOOK_INTERVAL,
        name,
        () -> {
          if (due.isDue(clocks.nanos().getAsLong())) {
            chore.run();
          }
        });
  }

  /** Repeats a chore; one that fails is logged and repeated all the same. */
  public void repeat(Duration interval, String name, Runnable chore) {
    var _ =
        chores.scheduleWithFixedDelay(
            () -> {
              try {
                chore.run();
              } catch (RuntimeException e) {
                LOG.error(
                    EventCode.INTERNAL_FAULT.marker(), "{} failed and is tried again", name, e);
              }
            },
            interval.toMillis(),
            interval.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /**
   * Ends the chores: what has been asked for is done, what is to come later or again is not. Waits
   * for 10 s at most, and as long once more for a chore that has begun meanwhile. To be called
   * before the data directories are given up, as chores write there.
   *
   * @return whether no chore is under way any more; not, if one hangs or the caller is interrupted
   */
  public boolean endChores() {
    if (chores.isShutdown()) {
      return chores.isTerminated();
    }
    try {
      var asked = chores.submit(() -> {});
      asked.get(CHORE_MAX.toMillis(), TimeUnit.MILLISECONDS);
      chores.shutdown(); // not shutdownNow: an interrupt would close the files of others
      return chores.awaitTermination(CHORE_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn(
          EventCode.STARTUP_STEP.marker(),
          "Stops although a chore has not ended within {} s",
          CHORE_MAX.toSeconds());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    chores.shutdown();
    return false;
  }

  @Override
  public void close() {
    boolean _ = endChores();
    targets.shutdownNow();
    waiting.shutdownNow();
    clientLoops.close();
    peerLoops.close();
    meters.close();
  }
}
