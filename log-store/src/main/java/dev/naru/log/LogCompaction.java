package dev.naru.log;

import dev.naru.log.compaction.BatchCompaction;
import dev.naru.log.compaction.CompactionPlan;
import dev.naru.log.compaction.KeyOffsets;
import dev.naru.log.compaction.SegmentGroups;
import dev.naru.log.segment.Segment;
import dev.naru.log.segment.SegmentDraft;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchSieve;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

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
  private Queue<List<Segment>> groups = new ArrayDeque<>();
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
    return groups.isEmpty() ? finish() : rewrite(groups.remove());
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

  private Step rewrite(List<Segment> group) {
    int bytes = group.stream().mapToInt(Segment::bytes).sum();
    Optional<Refused> noRoom = home.space().whyNotCopies(bytes);
    if (noRoom.isPresent()) {
      return new Step.Stopped(noRoom.get());
    }
    var view = log.view();
    if (!isStartOnRecord(view) || !view.closed().containsAll(group)) {
      return new Step.Overtaken();
    }
    return use.resultOf(() -> SegmentDraft.inPlaceOf(group))
        .map(draft -> rewrite(view, group, draft))
        .orElseGet(Step.Overtaken::new);
  }

  private Step rewrite(LogView view, List<Segment> group, SegmentDraft draft) {
    boolean isKept = false;
    try {
      for (Segment each : group) {
        if (!copy(view, each, draft)) {
          return new Step.Overtaken();
        }
      }
      Optional<Step> step =
          use.resultOf(() -> draft.isTheSame() ? new Step.Unchanged() : prepared(draft));
      isKept = step.isPresent() && step.get() instanceof Step.Prepared;
      return step.orElseGet(Step.Overtaken::new);
    } finally {
      if (!isKept && !use.doStep(draft::discard)) {
        draft.close(); // its files went with the log
      }
    }
  }

  private Step prepared(SegmentDraft draft) {
    cleanliness.intend(batches.purgedBelow());
    var swap = draft.finish();
    bytesFreed += swap.bytesFreed();
    return new Step.Prepared(new CompactedSegments(swap, use, cleanliness, batches.purgedBelow()));
  }

  /** Only what changes files is done in steps. False if the log was changed or closed meanwhile. */
  private boolean copy(LogView view, Segment segment, SegmentDraft draft) {
    long offset = emptyBelow(view.start(), segment, draft);
    var reader = new SliceReader(view, segment, ReadMemory.HEAP);
    while (offset < segment.end()) {
      var slice = reader.read(offset, READ_BYTES, segment.end());
      if (slice.isEmpty()) {
        return false;
      }
      long before = draft.bytes();
      for (BatchBytes batch : slice.batches().batches()) {
        append(batches.compact(batch), draft);
      }
      if (use.isClosing()) {
        return false;
      }
      pace.spent(slice.batches().size() + draft.bytes() - before);
      offset = slice.nextOffset();
    }
    return true;
  }

  private void append(BatchBytes batch, SegmentDraft draft) {
    var _ = use.doStep(() -> draft.append(batch)); // else the draft is given up soon
  }

  /** What lies below the log's start is deleted already, and nothing tells of its epochs. */
  private long emptyBelow(long start, Segment segment, SegmentDraft draft) {
    long offset = segment.base();
    if (offset >= start) {
      return offset;
    }
    var walk = segment.walk();
    while (!use.isClosing() && walk.advance() && walk.header().nextOffset() <= start) {
      append(BatchSieve.emptied(walk.header()), draft);
      offset = walk.header().nextOffset();
    }
    return offset;
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
