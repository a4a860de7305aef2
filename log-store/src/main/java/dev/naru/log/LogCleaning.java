package dev.naru.log;

import dev.naru.log.compaction.CleanState;
import dev.naru.log.compaction.CompactionPlan;
import dev.naru.log.segment.Segment;

/**
 * What compaction has made of one log, and what it could do with it. Any thread may ask; passes are
 * for a thread that may wait for the disk, one at a time; what is said of cuts and of other logs is
 * for the log's owner.
 */
public final class LogCleaning {

  private final PartitionLog log;
  private final LogHome home;
  private final Cleanliness cleanliness;
  private final LogUse use;

  LogCleaning(PartitionLog log, LogHome home, Cleanliness cleanliness, LogUse use) {
    this.log = log;
    this.home = home;
    this.cleanliness = cleanliness;
    this.use = use;
  }

  /**
   * Below this offset deletions may be gone: who has read up to somewhere below it, and not from a
   * log of which they were gone already, must begin anew.
   */
  public long purgedBelow() {
    return cleanliness.purgedBelow(log.view().config().cleanup().compacts());
  }

  /**
   * Notes that what follows this offset will be copied from another log. Durable when it returns.
   * For the owner.
   *
   * @param purgedBelow of the other: deletions below it may be gone
   * @param copiedClean below this no key occurs twice in any log this one was copied from
   */
  public void copying(long from, long purgedBelow, long copiedClean) {
    cleanliness.copying(from, purgedBelow, copiedClean);
  }

  /** A deletion below this deletes nothing in it, whether it has come that far or not. */
  public long cleanBelow() {
    return cleanliness.cleanBelow();
  }

  /** Below this offset no key occurs twice. */
  public long cleanEnd() {
    return cleanliness.state().cleanEnd();
  }

  /** What could be compacted now, and whether it should be. Reads, and writes nothing. */
  public CompactionPlan plan(long nowMillis) {
    return plan(log.view(), cleanliness.state(), nowMillis);
  }

  CompactionPlan plan(LogView now, CleanState state, long nowMillis) {
    long recorded = home.durablePoints().recordedBase(log.id()).orElse(0);
    long below = Math.min(Math.min(log.highWatermark(), recorded), now.active().base());
    var closed = now.closed().stream().map(Segment::state).toList();
    return CompactionPlan.of(
        new CompactionPlan.Subject(now.start(), closed, below, state, now.timeAt(state.cleanEnd())),
        now.config().compaction(),
        nowMillis);
  }

  /** Begins a pass, whether or not one is due. One at a time. */
  public LogCompaction pass(CompactionRun run) {
    return new LogCompaction(log, home, use, cleanliness, run);
  }

  /**
   * Makes sure that there is a checkpoint to tell of passes, so that one that is lost is known to
   * be so. False if the log is closed.
   */
  public boolean keepRecord() {
    return use.doStep(cleanliness::keep);
  }

  /**
   * Whether the active segment is to be closed because deletions in it may be gone: so it is where
   * what was known was lost. Until a pass has been through it, whoever copies from the log and is
   * interrupted begins anew; and no pass touches what is active.
   */
  public boolean isRollDue() {
    var now = log.view();
    long purged = purgedBelow();
    return now.config().cleanup().compacts()
        && now.active().base() < purged
        && purged <= now.end(); // else it is being copied, from a log that has come further
  }

  /** A segment without the deletions below this offset is being put in place. */
  void purged(long below) {
    cleanliness.purged(below);
  }

  /** The log will be cut here. */
  void cutting(long newEnd) {
    cleanliness.cutting(newEnd);
  }

  /** The log was cut here. */
  void cut(long newEnd) {
    cleanliness.cut(newEnd);
  }

  /**
   * Does something short with the files, which stay where they are meanwhile, unless the log is
   * closed; says whether it did.
   */
  public boolean whileOpen(Runnable step) {
    return use.doStep(step);
  }

  /**
   * From now on no pass touches the log's files. Waits for the step that is under way, so who is
   * waited for by others calls this before they have to.
   */
  public void close() {
    use.close();
  }
}
