package dev.naru.log;

import dev.naru.log.LogCompaction.Step;
import dev.naru.log.compaction.BatchCompaction;
import dev.naru.log.disk.SpaceGate;
import dev.naru.log.segment.Segment;
import dev.naru.log.segment.SegmentDraft;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchSieve;
import dev.naru.types.Refused;
import java.util.Optional;

/**
 * Copies what stays of segments into a draft, batch by batch. Only what changes files is done in
 * steps.
 *
 * <p>For each batch that is written there must be room, for whatever else is written meanwhile: a
 * write that fails ends the directory. How much stays is not known before, so nothing is asked in
 * advance: a disk that is nearly full may be compacted free again.
 */
final class SegmentCopy {

  private static final int READ_BYTES = 1 << 20;

  private final LogView view;
  private final SegmentDraft draft;
  private final BatchCompaction batches;
  private final SpaceGate space;
  private final LogUse use;
  private final Pace pace;

  SegmentCopy(
      LogView view,
      SegmentDraft draft,
      BatchCompaction batches,
      SpaceGate space,
      LogUse use,
      Pace pace) {
    this.view = view;
    this.draft = draft;
    this.batches = batches;
    this.space = space;
    this.use = use;
    this.pace = pace;
  }

  /** Copies one; says why it could not, if it could not. */
  Optional<Step> copy(Segment segment) {
    long offset = segment.base();
    if (offset < view.start()) {
      var walk = segment.walk();
      while (walk.advance() && walk.header().nextOffset() <= view.start()) {
        // What lies below the log's start is deleted already, and nothing tells of its epochs.
        Optional<Step> stop = append(BatchSieve.emptied(walk.header()));
        if (stop.isPresent()) {
          return stop;
        }
        offset = walk.header().nextOffset();
      }
    }
    return copyFrom(offset, segment);
  }

  private Optional<Step> copyFrom(long from, Segment segment) {
    long offset = from;
    var reader = new SliceReader(view, segment, ReadMemory.HEAP);
    while (offset < segment.end()) {
      if (use.isClosing()) {
        return Optional.of(new Step.Overtaken()); // before anything is read: the files may be gone
      }
      var slice = reader.read(offset, READ_BYTES, segment.end());
      if (slice.isEmpty()) {
        return Optional.of(new Step.Overtaken());
      }
      long before = draft.bytes();
      for (BatchBytes batch : slice.batches().batches()) {
        Optional<Step> stop = append(batches.compact(batch));
        if (stop.isPresent()) {
          return stop;
        }
      }
      pace.spent(slice.batches().size() + draft.bytes() - before);
      offset = slice.nextOffset();
    }
    return Optional.empty();
  }

  private Optional<Step> append(BatchBytes batch) {
    Optional<Refused> noRoom = space.whyNotCopiesNow(draft.unwrittenBytes() + batch.size());
    if (noRoom.isPresent()) {
      return Optional.of(new Step.Stopped(noRoom.get()));
    }
    return use.doStep(() -> draft.append(batch))
        ? Optional.empty()
        : Optional.of(new Step.Overtaken());
  }
}
