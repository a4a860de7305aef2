package dev.naru.log.store;

import dev.naru.log.CompactedSegments;
import dev.naru.log.CompactionRun;
import dev.naru.log.LogCompaction;
import dev.naru.log.LogCompaction.Step;
import dev.naru.log.Pace;
import dev.naru.log.PartitionLog;
import dev.naru.log.compaction.CompactionPlan;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.disk.StorageException;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Compacts the logs of a store whose topics want it, the dirtiest first, without a thread: whoever
 * has some calls {@link #compactOne} on each. A log is compacted by one thread at a time; that its
 * segments change is left to its owner.
 *
 * <p>A pass that fails with a fault of ours leaves its log as it was, and the log out of the next
 * passes until the process ends: it would fail again, and the others must not wait for it.
 */
public final class Compactor {

  private final LogStore store;
  private final Owners owners;
  private final Witness witness;
  private final long memoryBytesMax;
  private final byte[] salt;
  private final Pace pace;
  private final LongSupplier wallMillis;
  private final Set<PartitionId> busy = new HashSet<>(); // guarded by this
  private final SortedMap<PartitionId, String> uncleanable = new TreeMap<>(); // guarded by this

  /** What the last look found; for the metric. */
  private volatile double dirtyRatioMax;

  private volatile boolean isStopping;

  /** The way to the owners of logs. */
  @FunctionalInterface
  public interface Owners {

    /**
     * Has the owner put the segments in their place. Completes in any case: with false if nothing
     * was done, and nothing will be.
     */
    CompletableFuture<Boolean> putInPlace(PartitionId partition, CompactedSegments segments);
  }

  /** Who hears what became of passes, on the thread that did them. */
  public interface Witness {

    /** A pass is over. */
    void compacted(PartitionId partition, LogCompaction pass);

    /** A pass has not been possible, and may be later. */
    void putOff(PartitionId partition, String why);

    /** A log will not be compacted any more by this process. */
    void uncleanable(PartitionId partition, RuntimeException fault);

    /** What is stored is not what was written. */
    void damaged(LogDamagedException damage);
  }

  /**
   * A compactor of these logs.
   *
   * @param memoryBytesMax for the keys of one pass
   * @param salt dice, for the hashes of keys
   */
  public Compactor(
      LogStore store,
      Owners owners,
      Witness witness,
      long memoryBytesMax,
      byte[] salt,
      Pace pace,
      LongSupplier wallMillis) {
    this.store = store;
    this.owners = owners;
    this.witness = witness;
    this.memoryBytesMax = memoryBytesMax;
    this.salt = salt.clone();
    this.pace = pace;
    this.wallMillis = wallMillis;
  }

  /** Compacts the log that needs it most; false if none does. Waits for the disk. */
  public boolean compactOne() {
    Optional<PartitionLog> log = takeDirtiest();
    if (log.isEmpty()) {
      return false;
    }
    PartitionId partition = log.get().id();
    try {
      return compact(log.get());
    } catch (StorageException alreadyTold) {
      return false; // the directory has ended, and its listener has heard of it
    } catch (LogDamagedException damage) {
      leaveAlone(partition, damage);
      witness.damaged(damage);
      return true;
    } catch (RuntimeException fault) {
      leaveAlone(partition, fault);
      witness.uncleanable(partition, fault);
      return true;
    } finally {
      giveBack(partition);
    }
  }

  private record Candidate(PartitionLog log, CompactionPlan plan) {}

  private Optional<PartitionLog> takeDirtiest() {
    var candidates = new ArrayList<Candidate>();
    double dirtiest = 0;
    for (PartitionLog log : store.logs().values()) {
      Optional<Candidate> candidate = look(log);
      dirtiest = Math.max(dirtiest, candidate.map(each -> each.plan.dirtyRatio()).orElse(0.0));
      candidate.filter(each -> each.plan.isDue()).ifPresent(candidates::add);
    }
    dirtyRatioMax = dirtiest;
    candidates.sort(
        Comparator.comparingDouble((Candidate each) -> each.plan.dirtyRatio()).reversed());
    return candidates.stream().map(Candidate::log).filter(log -> take(log.id())).findFirst();
  }

  private Optional<Candidate> look(PartitionLog log) {
    if (isStopping || !log.view().config().cleanup().compacts() || !isFree(log.id())) {
      return Optional.empty();
    }
    try {
      return log.cleaning().keepRecord()
          ? Optional.of(new Candidate(log, log.cleaning().plan(wallMillis.getAsLong())))
          : Optional.empty();
    } catch (StorageException alreadyTold) {
      return Optional.empty();
    }
  }

  /** False when there will be nothing better to do at once. */
  private boolean compact(PartitionLog log) {
    long now = wallMillis.getAsLong();
    var pass =
        log.cleaning().pass(new CompactionRun(now, Long.MAX_VALUE, memoryBytesMax, salt, this::go));
    if (!pass.begin()) {
      return true; // overtaken by a cut: the next look decides anew
    }
    while (!isStopping) {
      switch (pass.next()) {
        case Step.Prepared(var segments) -> {
          if (!owners.putInPlace(log.id(), segments).join()) {
            segments.discard();
            witness.putOff(log.id(), "its owner did not take the segments: later");
            return false;
          }
          segments.finish();
        }
        case Step.Unchanged() -> {
          // on to the next
        }
        case Step.Done() -> {
          witness.compacted(log.id(), pass);
          return true;
        }
        case Step.Overtaken() -> {
          return true;
        }
        case Step.Stopped(var why) -> {
          witness.putOff(log.id(), why.reason());
          return false;
        }
      }
    }
    return false;
  }

  private void go(long bytes) {
    if (!isStopping) {
      pace.spent(bytes);
    }
  }

  private synchronized boolean isFree(PartitionId partition) {
    return !busy.contains(partition) && !uncleanable.containsKey(partition);
  }

  private synchronized boolean take(PartitionId partition) {
    return isFree(partition) && busy.add(partition);
  }

  private synchronized void giveBack(PartitionId partition) {
    busy.remove(partition);
  }

  private synchronized void leaveAlone(PartitionId partition, RuntimeException fault) {
    uncleanable.put(partition, String.valueOf(fault));
  }

  /** Logs that are not compacted any more, and why. Any thread. */
  public synchronized List<String> uncleanable() {
    return uncleanable.entrySet().stream()
        .map(each -> each.getKey() + ": " + each.getValue())
        .toList();
  }

  /** The share of the dirtiest log that was never compacted, at the last look. Any thread. */
  public double dirtyRatioMax() {
    return dirtyRatioMax;
  }

  /** Passes under way end after their present step, without waiting for their pace. */
  public void stop() {
    isStopping = true;
  }
}
