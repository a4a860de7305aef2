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
import java.util.concurrent.atomic.AtomicReference;

/**
 * One pass of compaction over a log. It reads views of the log and writes new segments beside the
 * old ones; to put them in their place is for the log's owner ({@link PartitionLog#swap}). Owned by
 * the thread that runs it, which may wait for the disk.
 *
 * <p>The segments are done one group after the other, the oldest first. So at every moment, and
 * after every crash, a record that is gone has a newer one of its key in the log, and a deletion
 * that is gone has no older record of its key below it.
 */
public final class LogCompaction {

  private static final int READ_BYTES = 1 << 20;

  private final PartitionLog log;
  private final LogHome home;
  private final LogUse use;
  private final Cleanliness cleanliness;
  private final Cleanliness.Beginning beginning;
  private final LogView first;
  private final CompactionPlan plan;
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
    this.beginning = cleanliness.begin();
    this.first = log.view();
    this.plan = log.cleaning().plan(first, beginning.state(), run.nowMillis());
    this.pace = run.pace();
    long keysMax = plan.cleanableEnd() - plan.cleanEnd();
    var limits =
        new BatchCompaction.Limits(
            run.nowMillis(), first.config().compaction().tombstoneMillis(), run.purgeEnd());
    this.batches =
        new BatchCompaction(
            new KeyOffsets(run.memoryBytesMax(), keysMax, run.salt()), limits, plan.cleanEnd());
  }

  /** What became of a step. */
  public sealed interface Step {

    /** The owner is to put this in place; then it is finished, and the next step taken. */
    record Prepared(CompactedSegments segments) implements Step {}

    /** All is done, and on record. */
    record Done() implements Step {}

    /** The log was changed meanwhile: later, from the beginning. */
    record Overtaken() implements Step {}

    /** It cannot go on. */
    record Stopped(Refused why) implements Step {}
  }

  /**
   * Reads the keys of the dirty part.
   *
   * @return false if the log was changed meanwhile: later, from the beginning
   */
  public boolean begin() {
    if (!isStartOnRecord(first) || !noteKeys()) {
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

  /** What lies below the start is emptied, and must not be below no start after a crash. */
  private static boolean isStartOnRecord(LogView view) {
    return view.startOnRecord() == view.start();
  }

  private boolean noteKeys() {
    long offset = plan.cleanEnd();
    while (offset < plan.cleanableEnd()) {
      var slice = first.read(offset, READ_BYTES, plan.cleanableEnd());
      if (slice.isEmpty()) {
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
    var step = new AtomicReference<Step>(new Step.Overtaken());
    use.doStep(() -> step.set(prepareNext()));
    return step.get();
  }

  private Step prepareNext() {
    while (!groups.isEmpty()) {
      var group = groups.remove();
      int bytes = group.stream().mapToInt(Segment::bytes).sum();
      Optional<Refused> noRoom = home.space().whyNotCopies(bytes);
      if (noRoom.isPresent()) {
        return new Step.Stopped(noRoom.get());
      }
      var step = rewrite(group);
      if (step.isPresent()) {
        return step.get();
      }
    }
    return finish();
  }

  private Step finish() {
    if (batches.mappedEnd() <= plan.cleanEnd() && plan.cleanEnd() < plan.cleanableEnd()) {
      return new Step.Stopped(
          new Refused(
              ErrorCode.RECORD_TOO_LARGE,
              "Expected log.cleaner.dedupe.buffer.size to hold the keys of the batch at offset %d"
                  .formatted(plan.cleanEnd())));
    }
    cleanliness.cleaned(beginning, batches.mappedEnd(), batches.nextHorizon());
    return new Step.Done();
  }

  /** Empty when all of it stays. */
  private Optional<Step> rewrite(List<Segment> group) {
    var view = log.view();
    if (!isStartOnRecord(view) || !view.closed().containsAll(group)) {
      return Optional.of(new Step.Overtaken());
    }
    var draft = SegmentDraft.inPlaceOf(group);
    boolean isKept = false;
    try {
      for (Segment each : group) {
        if (!copy(view, each, draft)) {
          return Optional.of(new Step.Overtaken());
        }
      }
      if (draft.isTheSame()) {
        return Optional.empty();
      }
      cleanliness.purging(batches.purgedBelow());
      var swap = draft.finish();
      isKept = true;
      bytesFreed += swap.bytesFreed();
      return Optional.of(
          new Step.Prepared(new CompactedSegments(swap, use, batches.purgedBelow())));
    } finally {
      if (!isKept) {
        draft.discard();
      }
    }
  }

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
        draft.append(batches.compact(batch));
      }
      pace.spent(slice.batches().size() + draft.bytes() - before);
      offset = slice.nextOffset();
    }
    return true;
  }

  /** What lies below the log's start is deleted already, and nothing tells of its epochs. */
  private static long emptyBelow(long start, Segment segment, SegmentDraft draft) {
    long offset = segment.base();
    if (offset >= start) {
      return offset;
    }
    var walk = segment.walk();
    while (walk.advance() && walk.header().nextOffset() <= start) {
      draft.append(BatchSieve.emptied(walk.header()));
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
}
