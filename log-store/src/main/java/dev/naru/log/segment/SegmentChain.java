package dev.naru.log.segment;

import dev.naru.log.disk.Damage;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.segment.SegmentName.Part;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All segments of a log: the closed ones, and the one being appended to. Owned by the log's owner.
 */
public final class SegmentChain {

  private final SegmentFiles files;
  private final Unforced unforced;
  private SegmentList closed;
  private ActiveSegment active;
  private Optional<SegmentSwap> swapped = Optional.empty(); // the last one, which may be unfinished

  private SegmentChain(SegmentFiles files, SegmentList closed, ActiveSegment active) {
    this.files = files;
    this.unforced = new Unforced(files.directory());
    this.closed = closed;
    this.active = active;
  }

  /** Makes the directory and the first segment of a new log. */
  public static SegmentChain create(SegmentFiles files) {
    files.disk().makeDirectory(files.directory());
    var chain = new SegmentChain(files, SegmentList.EMPTY, ActiveSegment.create(files, 0));
    chain.unforced.directoryMade();
    return chain;
  }

  /** Goes on with what was recovered, all of which is durable. */
  public static SegmentChain of(SegmentFiles files, SegmentList closed, ActiveSegment active) {
    return new SegmentChain(files, closed, active);
  }

  /** Seals the present segment and goes on in a new one. */
  public void roll() {
    unforced.sealed(active.seal());
    closed = closed.with(active.snapshot());
    active = ActiveSegment.create(files, active.state().end());
    unforced.fileMade();
  }

  /**
   * Forgets the closed segments that lie wholly below this offset. Their files are left.
   *
   * @return the forgotten ones
   */
  public List<Segment> dropBelow(long start) {
    var dropped = List.copyOf(closed.endingBy(start));
    closed = closed.endingAbove(start);
    return dropped;
  }

  /** Writes the seal of this closed segment again, if there is one. */
  public void sealAgain(long base) {
    closed
        .holding(base)
        .filter(segment -> segment.base() == base)
        .ifPresent(segment -> unforced.sealed(List.of(SegmentSeal.of(segment).write(files))));
  }

  /**
   * Appends batches, which begin at the end, and goes on in a new segment where the next one does
   * not fit; but for that, with one write. Replicas that are given the same batches roll at the
   * same ones.
   *
   * @param each is told of every batch, in order
   * @return whether it has rolled
   */
  public boolean append(BatchBytes batches, int segmentBytesMax, Consumer<BatchHeader> each) {
    boolean hasRolled = false;
    int written = 0;
    int at = 0;
    while (at < batches.size()) {
      BatchHeader header = batches.headerAt(at);
      if (!active.hasRoomFor(header, at - written, segmentBytesMax)) {
        write(batches, written, at);
        written = at;
        roll();
        hasRolled = true;
      }
      each.accept(header);
      at += header.sizeInBytes();
    }
    write(batches, written, at);
    return hasRolled;
  }

  private void write(BatchBytes batches, int from, int end) {
    if (from < end) {
      active.append(batches.slice(from, end - from));
    }
  }

  /** Whether the segments that a swap replaces are all in use. */
  public boolean holds(SegmentSwap swap) {
    return closed.replacing(swap.replaced(), swap.replacement()).isPresent();
  }

  /**
   * Goes on with another segment in place of some. Views of before are old already. One after the
   * other: an unfinished swap before it is finished here.
   */
  public void swap(SegmentSwap swap) {
    var changed = closed.replacing(swap.replaced(), swap.replacement()).orElseThrow();
    finishSwap();
    swap.commit();
    swapped = Optional.of(swap);
    closed = changed;
  }

  /** What follows must not meet half of a swap. Waits for the disk if there is one. */
  private void finishSwap() {
    swapped.ifPresent(SegmentSwap::finish);
    swapped = Optional.empty();
  }

  /** What a cut at this offset, the edge of a batch, would do. */
  public CutPlan planCut(long newEnd) {
    var all = new ArrayList<>(closed.segments());
    all.add(active.snapshot());
    int kept = all.size() - 1;
    while (kept > 0 && all.get(kept).base() > newEnd) {
      kept--;
    }
    Segment last = all.get(kept);
    return new CutPlan(last, cut(last, newEnd), List.copyOf(all.subList(kept + 1, all.size())));
  }

  private static SegmentState cut(Segment segment, long newEnd) {
    if (newEnd == segment.end()) {
      return segment.state();
    }
    var walk = segment.walkTowards(newEnd);
    var cut = cut(segment, newEnd, walk);
    if (cut.isEmpty()) { // The index may have led astray; the segment's beginning cannot.
      walk = segment.walk();
      cut = cut(segment, newEnd, walk);
    }
    if (walk.fault().isPresent()) {
      throw new LogDamagedException(
          new Damage(
              segment.files().partition(), segment.base(), walk.position(), walk.fault().get()));
    }
    return cut.orElseThrow(() ->
        new IllegalArgumentException(
            "Expected the edge of a batch at offset %d of %s, but it is inside one"
                .formatted(newEnd, segment.log())));
  }

  private static Optional<SegmentState> cut(Segment segment, long newEnd, BatchWalk walk) {
    int position = -1;
    long sumAbove = 0;
    while (walk.advance()) {
      if (walk.header().baseOffset() == newEnd) {
        position = walk.position();
      }
      if (position >= 0) {
        sumAbove += HeaderSum.of(walk.header());
      }
    }
    return position < 0 || walk.fault().isPresent()
        ? Optional.empty()
        : Optional.of(segment.state().cutTo(newEnd, position, sumAbove));
  }

  /**
   * Cuts, durably.
   *
   * @param take moves a file away; called with the newest first, so that what is left is a log at
   *     every moment
   */
  public void cut(CutPlan plan, Consumer<String> take) {
    finishSwap();
    if (!plan.gone().isEmpty()) {
      unforced.dropped(active.files());
      plan.gone().reversed().forEach(segment -> remove(segment.base(), take));
      closed = closed.beginningBefore(plan.kept().base());
      active = reopen(plan.kept());
    }
    active.cutTo(plan.keptState());
    active.file().force();
    files.disk().forceDirectory(files.directory());
  }

  /** Cuts everything, also segments wholly below the start, and begins anew, durably. */
  public void startOver(long at, Consumer<String> take) {
    finishSwap();
    unforced.dropped(active.files());
    files.bases().descendingSet().forEach(base -> remove(base, take));
    closed = SegmentList.EMPTY;
    active = ActiveSegment.create(files, at);
    files.disk().forceDirectory(files.directory());
  }

  private void remove(long base, Consumer<String> take) {
    take.accept(files.name(base, Part.LOG));
    take.accept(files.name(base, Part.SEAL));
    files.deleteIfPresent(files.name(base, Part.INDEX));
    files.deleteIfPresent(files.name(base, Part.TIME_INDEX));
  }

  private ActiveSegment reopen(Segment segment) {
    files.deleteIfPresent(files.name(segment.base(), Part.SEAL));
    var file = files.disk().open(segment.log()).orElseThrow();
    var kept = IndexCheck.sound(files, segment.base(), segment.bytes());
    return ActiveSegment.reopen(files, file, segment.state(), kept);
  }

  /** How much there is. */
  public long bytes() {
    return closed.segments().stream().mapToLong(Segment::bytes).sum() + active.state().bytes();
  }

  /** What to force so that all of it is durable. */
  public ForceWork forceWork() {
    return unforced.work(active.file());
  }

  /** Whether all files there are will be found after a power loss. */
  public boolean areNamesForced() {
    return unforced.areNamesForced();
  }

  /** That was forced, in its turn. */
  public void forced(ForceWork work) {
    unforced.forced(work);
  }

  /** That was forced by the owner, while an older force may be under way. */
  public void forcedOutOfTurn(ForceWork work) {
    unforced.forcedOutOfTurn(work);
  }

  /** Closes all files. No force may be under way. */
  public void close() {
    swapped = Optional.empty(); // what it left is for the next start
    active.flushIndexes();
    unforced.sealed(active.files());
    unforced.closeAll();
  }

  /** The closed segments, for any thread. */
  public SegmentList closed() {
    return closed;
  }

  /** The active segment as it is now, for any thread. */
  public Segment active() {
    return active.snapshot();
  }
}
