package dev.naru.log.store;

import dev.naru.log.CompactedSegments;
import dev.naru.log.CompactionRun;
import dev.naru.log.LogCompaction;
import dev.naru.log.LogCompaction.Step;
import dev.naru.log.Pace;
import dev.naru.log.PartitionLog;
import dev.naru.log.compaction.CompactionPlan;
import dev.naru.log.compaction.CompactionPlan.Reason;
import dev.naru.log.compaction.KeyMemoryException;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.disk.StorageException;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Compacts the logs of a store whose topics want it, the neediest first, without a thread: whoever
 * has some calls {@link #compactOne} on each. A log is compacted by one thread at a time; that its
 * segments change is left to its owner.
 *
 * <p>A log that cannot be compacted now is put off for a while, and the others go on. A pass that
 * fails with a fault of ours leaves its log as it was, and the log out of the next passes until it
 * is opened again: it would fail again, and the others must not wait for it.
 */
public final class Compactor {

  private final LogStore store;
  private final Owners owners;
  private final Witness witness;
  private final long memoryBytesMax;
  private final byte[] salt;
  private final Pace pace;
  private final LongSupplier wallMillis;
  private final CompactionTurns turns = new CompactionTurns();

  /** What the last look found; for the metric. */
  private volatile double dirtyRatioMax;

  /** Whether a log that has only deletions to forget comes before a dirty one; threads may race. */
  private volatile boolean isDeletionsTurn;

  private volatile boolean isStopping;

  /** The way to the owners of logs. */
  @FunctionalInterface
  public interface Owners {

    /**
     * Has the owner put the segments in their place. Completes in any case: with false if nothing
     * was done, and nothing will be.
     */
    CompletableFuture<Boolean> putInPlace(PartitionId partition, CompactedSegments segments);

    /**
     * Asks the owner from which offset on deletions must stay, because somebody who copies from the
     * log has not met them yet. Empty if the log is out of use. Completes in any case. It may be
     * less when the segments are ready: then they are not put in place.
     */
    default CompletableFuture<OptionalLong> purgeEnd(PartitionId partition) {
      return CompletableFuture.completedFuture(OptionalLong.of(Long.MAX_VALUE));
    }
  }

  /** Who hears what became of passes, on the thread that did them. */
  public interface Witness {

    /** A pass is over. */
    void compacted(PartitionId partition, LogCompaction pass);

    /** A segment has taken the place of some, which were so many bytes larger. */
    default void replaced(PartitionId partition, long bytesFreed) {}

    /** A pass has not been possible, and may be later. */
    void putOff(PartitionId partition, String why);

    /** A log will not be compacted any more until it is opened again. */
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

  /** Takes the log that needs it most; false if none does, or not now. Waits for the disk. */
  public boolean compactOne() {
    Optional<PartitionLog> taken = takeNeediest();
    taken.ifPresent(this::compactTaken);
    return taken.isPresent() && !isStopping;
  }

  private void compactTaken(PartitionLog log) {
    try {
      compact(log);
    } catch (StorageException alreadyTold) {
      turns.putOff(log, wallMillis.getAsLong()); // the directory has ended: its listener knows
    } catch (KeyMemoryException none) {
      putOff(log, String.valueOf(none.getMessage()));
    } catch (LogDamagedException damage) {
      turns.leaveAlone(log, damage);
      witness.damaged(damage);
    } catch (RuntimeException fault) {
      turns.leaveAlone(log, fault);
      witness.uncleanable(log.id(), fault);
    } finally {
      turns.giveBack(log);
    }
  }

  private record Candidate(PartitionLog log, Reason reason, double dirtyRatio) {}

  private Optional<PartitionLog> takeNeediest() {
    long now = wallMillis.getAsLong();
    var logs = store.logs().values();
    turns.onlyOf(logs);
    var candidates = new ArrayList<Candidate>();
    double dirtiest = 0;
    for (PartitionLog log : logs) {
      Optional<CompactionPlan> plan = look(log, now);
      dirtiest = Math.max(dirtiest, plan.map(CompactionPlan::dirtyRatio).orElse(0.0));
      plan.ifPresent(found ->
          found
              .why()
              .ifPresent(why -> candidates.add(new Candidate(log, why, found.dirtyRatio()))));
    }
    dirtyRatioMax = dirtiest;
    candidates.sort(
        Comparator.comparingInt(this::rank)
            .thenComparing(Comparator.comparingDouble(Candidate::dirtyRatio).reversed()));
    var taken = candidates.stream().filter(each -> turns.take(each.log, now)).findFirst();
    taken
        .filter(each -> each.reason() != Reason.LATE)
        .ifPresent(each -> isDeletionsTurn = each.reason() != Reason.DELETIONS);
    return taken.map(Candidate::log);
  }

  /**
   * First what is late. A log that has only deletions to forget is hardly dirty, and there may
   * always be a dirtier one: so of these and of the dirty ones each has every other turn.
   */
  private int rank(Candidate each) {
    if (each.reason() == Reason.LATE) {
      return 0;
    }
    return (each.reason() == Reason.DELETIONS) == isDeletionsTurn ? 1 : 2;
  }

  private Optional<CompactionPlan> look(PartitionLog log, long now) {
    if (isStopping || !log.view().config().cleanup().compacts()) {
      return Optional.empty();
    }
    try {
      // Of one that is taken the record is kept already, and whoever has it may wait for the disk.
      return turns.isTaken(log) || log.cleaning().keepRecord()
          ? Optional.of(log.cleaning().plan(now))
          : Optional.empty();
    } catch (StorageException alreadyTold) {
      return Optional.empty();
    }
  }

  private void compact(PartitionLog log) {
    long now = wallMillis.getAsLong();
    OptionalLong purgeEnd = owners.purgeEnd(log.id()).join();
    if (purgeEnd.isEmpty()) {
      turns.putOff(log, now); // out of use, of which others tell: nobody would take the segments
      return;
    }
    var run = new CompactionRun(now, purgeEnd.getAsLong(), memoryBytesMax, salt, this::go);
    try (var pass = log.cleaning().pass(run)) {
      compact(log, pass);
    }
  }

  private void compact(PartitionLog log, LogCompaction pass) {
    if (!pass.begin()) {
      turns.putOff(log, wallMillis.getAsLong()); // cut, closed, or its start not yet on record
      return;
    }
    while (!isStopping) {
      switch (pass.next()) {
        case Step.Prepared(var segments) -> {
          if (!owners.putInPlace(log.id(), segments).join()) {
            segments.discard();
            putOff(log, "its owner did not take the segments: later");
            return;
          }
          segments.finish();
          witness.replaced(log.id(), segments.bytesFreed());
        }
        case Step.Unchanged() -> {
          // on to the next
        }
        case Step.Done() -> {
          witness.compacted(log.id(), pass);
          return;
        }
        case Step.Overtaken() -> {
          turns.putOff(log, wallMillis.getAsLong());
          return;
        }
        case Step.Stopped(var why) -> {
          putOff(log, why.reason());
          return;
        }
      }
    }
  }

  private void putOff(PartitionLog log, String why) {
    turns.putOff(log, wallMillis.getAsLong());
    witness.putOff(log.id(), why);
  }

  private void go(long bytes) {
    if (!isStopping) {
      pace.spent(bytes);
    }
  }

  /** Logs that are not compacted any more, and why. Any thread. */
  public List<String> uncleanable() {
    return turns.leftAlone().stream()
        .filter(each -> store.log(each.log().id()).filter(each.log()::equals).isPresent())
        .map(each -> each.log().id() + ": " + each.why())
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
