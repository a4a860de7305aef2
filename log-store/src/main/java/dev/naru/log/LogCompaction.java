package dev.naru.log;

import dev.naru.log.compaction.BatchCompaction;
import dev.naru.log.compaction.CompactionPlan;
import dev.naru.log.compaction.KeyOffsets;
import dev.naru.log.compaction.SegmentGroups;
import dev.naru.log.segment.Segment;
import dev.naru.log.segment.SegmentDraft;
import dev.naru.record.BatchBytes;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One pass of compaction over a log. It reads views of the log and writes new segments beside the
 * old ones; to put them in their place is for the log's owner ({@link PartitionLog#swap}). Owned by
 * the thread that runs it, which may wait for the disk.
 *
 * <p>The segments are done one group after the other, the oldest first. So at every moment, and
 * after every crash, a record that is gone has a newer one of its key in the log, and a deletion
 * that is gone has no older record of its key below it.
 */
public final class LogCompaction implements AutoCloseable {

  private static final int READ_BYTES = 1 << 20;

  private final PartitionLog log;
  private final LogHome home;
  private final LogUse use;
  private final Cleanliness cleanliness;
  private final Cleanliness.Beginning beginning;
  private final LogView first;
  private final CompactionPlan plan;
  private final KeyOffsets newest;
  private final BatchCompaction batches;
  private final Pace pace;
  private Deque<List<Segment>> groups = new ArrayDeque<>();
  private long bytesBefore;
  private long bytesFreed;

  LogCompaction(
      PartitionLog log, LogHome home, LogUse use, Cleanliness cleanliness, CompactionRun run) {
    this.log = log;
    this.home = home;
    this.use = use;
    this.cleanliness = cleanliness;
    this.beginning = cleanliness.beginning();
    this.first = log.view();
    this.plan = log.cleaning().plan(first, beginning.state(), run.nowMillis());
    this.pace = run.pace();
    long keysMax = plan.cleanableEnd() - plan.cleanEnd();
    var limits =
        new BatchCompaction.Limits(
            run.nowMillis(), first.config().compaction().tombstoneMillis(), run.purgeEnd());
    this.newest = new KeyOffsets(run.memoryBytesMax(), keysMax, run.salt());
    this.batches = new BatchCompaction(newest, limits, plan.cleanEnd());
  }

  /** What became of a step. */
  public sealed interface Step {

    /** The owner is to put this in place; then it is finished, and the next step taken. */
    record Prepared(CompactedSegments segments) implements Step {}

    /** Of the next segments all stays. */
    record Unchanged() implements Step {}

    /** All is done, and on record. */
    record Done() implements Step {}

    /** The log was changed or closed meanwhile: later, from the beginning. */
    record Overtaken() implements Step {}

    /** It cannot go on. */
    record Stopped(Refused why) implements Step {}
  }

  /**
   * Reads the keys of the dirty part.
   *
   * @return false if the log was changed or closed meanwhile: later, from the beginning
   */
  public boolean begin() {
    if (!use.doStep(this::beginRecord) || !isStartOnRecord(first) || !noteKeys()) {
      return false;
    }
    var affected =
        first.closed().stream()
            .filter(each -> each.end() > first.start() && each.end() <= plan.cleanableEnd())
            .filter(each -> each.base() < batches.mappedEnd())
            .toList();
    groups = new ArrayDeque<>(SegmentGroups.of(affected, first.config().segmentBytes()));
    bytesBefore = affected.stream().mapToLong(Segment::bytes).sum();
    return true;
  }

  private void beginRecord() {
    cleanliness.keep();
    cleanliness.desist(); // from what a pass before has left unsaid
  }

  /** What lies below the start is emptied, and must not be below no start after a crash. */
  private static boolean isStartOnRecord(LogView view) {
    return view.startOnRecord() == view.start();
  }

  private boolean noteKeys() {
    long offset = plan.cleanEnd();
    while (offset < plan.cleanableEnd()) {
      var slice = first.read(offset, READ_BYTES, plan.cleanableEnd());
      if (slice.isEmpty() || use.isClosing()) {
        return false;
      }
      pace.spent(slice.batches().size());
      for (BatchBytes batch : slice.batches().batches()) {
        if (!batches.note(batch)) {
          return true; // as far as there was room; the rest is for the next pass
        }
      }
      offset = slice.nextOffset();
    }
    return true;
  }

  /** Prepares the next segment that takes the place of some, if anything of them goes. */
  public Step next() {
    return groups.isEmpty() ? finish() : rewrite(nextGroup());
  }

  private Step finish() {
    if (batches.mappedEnd() <= plan.cleanEnd() && plan.cleanEnd() < plan.cleanableEnd()) {
      return new Step.Stopped(
          new Refused(
              ErrorCode.RECORD_TOO_LARGE,
              "Expected log.cleaner.dedupe.buffer.size to hold the keys of the batch at offset %d"
                  .formatted(plan.cleanEnd())));
    }
    return use.doStep(this::noteCleaned) ? new Step.Done() : new Step.Overtaken();
  }

  private void noteCleaned() {
    cleanliness.cleaned(beginning, batches.mappedEnd(), batches.nextHorizon());
  }

  /**
   * Segments that become one. Where there is no room for them at once, one alone may still free
   * some.
   */
  private List<Segment> nextGroup() {
    var group = groups.remove();
    int bytes = group.stream().mapToInt(Segment::bytes).sum();
    if (group.size() == 1 || home.space().whyNotCopiesNow(bytes).isEmpty()) {
      return group;
    }
    group.reversed().forEach(each -> groups.addFirst(List.of(each)));
    return groups.remove();
  }

  private Step rewrite(List<Segment> group) {
    var view = log.view();
    if (!isStartOnRecord(view)) {
      return new Step.Overtaken();
    }
    var left = group.stream().filter(each -> each.end() > view.start()).toList();
    if (left.isEmpty()) {
      return new Step.Unchanged(); // it has gone as a whole
    }
    if (!view.closed().containsAll(left)) {
      return new Step.Overtaken();
    }
    return use.resultOf(() -> SegmentDraft.inPlaceOf(left))
        .map(draft -> rewrite(view, left, draft))
        .orElseGet(Step.Overtaken::new);
  }

  private Step rewrite(LogView view, List<Segment> group, SegmentDraft draft) {
    boolean isKept = false;
    try {
      var copy = new SegmentCopy(view, draft, batches, home.space(), use, pace);
      for (Segment each : group) {
        Optional<Step> stop = copy.copy(each);
        if (stop.isPresent()) {
          return stop.get();
        }
      }
      var step = prepare(draft);
      isKept = step instanceof Step.Prepared;
      return step;
    } finally {
      if (!isKept && !use.doStep(draft::discard)) {
        draft.close(); // its files went with the log
      }
    }
  }

  /** The force, of up to a whole segment, is no step: who closes the log does not wait for it. */
  private Step prepare(SegmentDraft draft) {
    Optional<Boolean> isTheSame = use.resultOf(() -> isTheSame(draft));
    if (isTheSame.isEmpty()) {
      return new Step.Overtaken();
    }
    if (isTheSame.get()) {
      return new Step.Unchanged();
    }
    draft.force();
    return use.<Step>resultOf(() -> prepared(draft)).orElseGet(Step.Overtaken::new);
  }

  private boolean isTheSame(SegmentDraft draft) {
    if (draft.isTheSame()) {
      return true;
    }
    cleanliness.intend(batches.purgedBelow());
    draft.end();
    return false;
  }

  private Step prepared(SegmentDraft draft) {
    var swap = draft.finish();
    bytesFreed += swap.bytesFreed();
    return new Step.Prepared(new CompactedSegments(swap, use, cleanliness, batches.purgedBelow()));
  }

  /** What it set out to do. */
  public CompactionPlan plan() {
    return plan;
  }

  /** How many bytes the segments have that it goes through. */
  public long bytesBefore() {
    return bytesBefore;
  }

  /** How many bytes of them have gone. */
  public long bytesFreed() {
    return bytesFreed;
  }

  /** Up to where no key will occur twice. */
  public long cleanEnd() {
    return batches.mappedEnd();
  }

  /** Gives the memory for keys back; there is no step after that. */
  @Override
  public void close() {
    newest.close();
  }
}
