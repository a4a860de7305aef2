package dev.naru.metadata.ratis;

import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.log.JoinOutcome;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.VoterChange;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * What must happen around the metadata log and not on Ratis' threads. On the thread {@code quorum}
 * changes of the membership, which wait for Ratis up to 40 s each, and snapshots by time. On {@code
 * quorum-look} a look whether Ratis still runs and a majority answers it, which waits for its disk
 * at most.
 */
final class QuorumChores implements AutoCloseable {

  private static final Logger LOG = LogManager.getLogger(QuorumChores.class);

  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration LOOK_LIMIT = Duration.ofSeconds(5);
  private static final Duration SNAPSHOT_LIMIT = Duration.ofSeconds(60);
  private static final Duration CLEAN_UP = Duration.ofSeconds(30);

  /** Changes of members that may wait, most of them nodes that join; those beyond ask again. */
  private static final int WAITING_MAX = 64;

  private static final Refused BUSY =
      new Refused(
          ErrorCode.TOO_MANY_REQUESTS,
          "Expected fewer than " + WAITING_MAX + " changes of members waiting, but there are more");

  private final Semaphore waiting = new Semaphore(WAITING_MAX);
  private final RaftNode raft;
  private final Membership membership;
  private final VoterChanges voters;
  private final Supplier<? extends SortedMap<NodeId, NodeImage>> nodes;
  private final ScheduledThreadPoolExecutor thread;
  private final ScheduledThreadPoolExecutor looks;

  /**
   * Not begun yet.
   *
   * @param nodes those of the cluster, as known now
   */
  QuorumChores(
      RaftNode raft, LogRuntime runtime, Supplier<? extends SortedMap<NodeId, NodeImage>> nodes) {
    this.raft = raft;
    this.nodes = nodes;
    this.membership = new Membership(raft);
    this.voters = new VoterChanges(raft, nodes);
    this.thread = one("quorum", runtime);
    this.looks = one("quorum-look", runtime);
  }

  private static ScheduledThreadPoolExecutor one(String name, LogRuntime runtime) {
    return new ScheduledThreadPoolExecutor(
        1,
        work -> {
          var made = runtime.threads().newThread(work);
          made.setName(name);
          return made;
        });
  }

  /** Begins with what is done again and again. */
  void start(RatisSettings settings, Runnable look) {
    long interval = settings.snapshotInterval().toMillis();
    var _ =
        thread.scheduleWithFixedDelay(
            () -> guarded(() -> membership.forgetRemoved(nodes.get().keySet())),
            CLEAN_UP.toMillis(),
            CLEAN_UP.toMillis(),
            TimeUnit.MILLISECONDS);
    var _ =
        thread.scheduleWithFixedDelay(this::snapshot, interval, interval, TimeUnit.MILLISECONDS);
    var _ =
        looks.scheduleWithFixedDelay(
            () -> guarded(look), LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** An exception would end the repetition without a word. */
  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.error(LogCode.INTERNAL_FAULT.marker(), "Expected to look after the metadata log, but", e);
    }
  }

  /** For other work that may wait. */
  Executor thread() {
    return thread;
  }

  CompletableFuture<JoinOutcome> join(QuorumMember joiner) {
    return inTurn(() -> membership.join(joiner), new JoinOutcome.NotMember(BUSY, Optional.empty()));
  }

  /** Empty once it is so. */
  CompletableFuture<Optional<Refused>> changeVoters(VoterChange change, BooleanSupplier isGivenUp) {
    return inTurn(() -> voters.make(change, isGivenUp), Optional.of(BUSY));
  }

  private <T> CompletableFuture<T> inTurn(Supplier<T> work, T busy) {
    if (!waiting.tryAcquire()) {
      return CompletableFuture.completedFuture(busy);
    }
    try {
      return CompletableFuture.supplyAsync(work, thread).whenComplete((_, _) -> waiting.release());
    } catch (RejectedExecutionException closed) {
      waiting.release();
      return CompletableFuture.completedFuture(busy);
    }
  }

  void snapshot() {
    try {
      var _ =
          raft.snapshot(1, SNAPSHOT_LIMIT.toMillis())
              .whenComplete((_, fault) -> {
                if (fault != null) {
                  LOG.warn(
                      LogCode.SNAPSHOT_FAILED.marker(),
                      "Expected to write a metadata snapshot, but",
                      fault);
                }
              });
    } catch (IOException | RuntimeException e) {
      LOG.warn(LogCode.SNAPSHOT_FAILED.marker(), "Expected to write a metadata snapshot, but", e);
    }
  }

  /** Ends what waits for Ratis; a look ends by itself, as an interrupt would close its files. */
  @Override
  public void close() {
    looks.shutdown();
    thread.shutdownNow();
    try {
      if (!looks.awaitTermination(LOOK_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn(LogCode.INTERNAL_FAULT.marker(), "Expected a look to end within {}", LOOK_LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
