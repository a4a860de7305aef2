package dev.naru.log.segment;

import dev.naru.log.disk.DiskFile;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchSieve;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A segment in the making that is to take the place of some closed ones, under names of its own.
 * Owned by the thread that makes it, which is not the log's owner: nobody else knows of its files.
 *
 * <p>Batches without records that follow each other become one, so that what a key left behind
 * after its thousandth value does not take a thousand headers.
 */
public final class SegmentDraft {

  /**
   * Written at once, and on its way to the disk from then on. Were all of it left to the force at
   * the end, whoever else forces to this disk would wait until a gibibyte is there.
   */
  private static final int WRITE_BYTES = 256 << 10;

  private final List<Segment> replaced;
  private final SegmentFiles files;
  private final ActiveSegment segment;
  private Optional<BatchBytes> empty = Optional.empty(); // the last batch, which may grow
  private final ByteBuffer gathered = ByteBuffer.allocate(WRITE_BYTES);

  private SegmentDraft(List<Segment> replaced, SegmentFiles files, ActiveSegment segment) {
    this.replaced = replaced;
    this.files = files;
    this.segment = segment;
  }

  /**
   * Begins one in place of these, which follow each other. What an earlier attempt has left is
   * deleted.
   */
  public static SegmentDraft inPlaceOf(List<Segment> replaced) {
    var inUse = replaced.getFirst().files();
    long base = replaced.getFirst().base();
    SegmentSwap.undo(inUse, base);
    var files = inUse.replacing();
    return new SegmentDraft(List.copyOf(replaced), files, ActiveSegment.create(files, base));
  }

  /** Appends one batch, which begins where the one before ends. */
  public void append(BatchBytes batch) {
    var header = batch.header();
    if (empty.isPresent() && BatchSieve.canMerge(empty.get().header(), header)) {
      empty = Optional.of(BatchSieve.merge(empty.get().header(), header));
      return;
    }
    writeEmpty();
    if (header.isHeaderOnly()) {
      empty = Optional.of(batch);
    } else {
      gather(batch);
    }
  }

  private void writeEmpty() {
    empty.ifPresent(this::gather);
    empty = Optional.empty();
  }

  private void gather(BatchBytes batch) {
    if (gathered.remaining() < batch.size()) {
      write();
    }
    if (gathered.capacity() < batch.size()) {
      writeOut(batch);
    } else {
      gathered.put(batch.asByteBuffer());
    }
  }

  private void write() {
    if (gathered.position() > 0) {
      writeOut(BatchBytes.of(gathered.flip()));
      gathered.clear();
    }
  }

  private void writeOut(BatchBytes bytes) {
    int from = segment.state().bytes();
    segment.append(bytes);
    segment.startWriting(from);
  }

  /** Writes what is left; nothing comes after it. */
  public void end() {
    writeEmpty();
    write();
    expectSameOffsets();
    segment.flushIndexes();
    segment.end();
  }

  /**
   * Forces what it has, which may take as long as a whole segment takes. Its files may be moved or
   * deleted meanwhile.
   */
  public void force() {
    segment.files().forEach(DiskFile::force);
  }

  /**
   * Seals it once it has ended and was forced: from now on everything of it is on disk, and only
   * {@linkplain SegmentSwap#commit one step} keeps it from being the segment.
   */
  public SegmentSwap finish() {
    // First: a seal without its batches is what tells recovery that these have their name already.
    files.disk().forceDirectory(files.directory());
    try (var seal = SegmentSeal.of(segment.snapshot()).write(files)) {
      seal.force();
    }
    files.disk().forceDirectory(files.directory());
    segment.close();
    return new SegmentSwap(files.inUse(), replaced, replacement());
  }

  private void expectSameOffsets() {
    if (segment.state().end() != replaced.getLast().end()) {
      throw new IllegalStateException(
          "Expected a segment in place of [%d, %d), but was [%d, %d)"
              .formatted(
                  replaced.getFirst().base(),
                  replaced.getLast().end(),
                  segment.state().base(),
                  segment.state().end()));
    }
  }

  private Segment replacement() {
    return SegmentSeal.of(segment.snapshot()).segment(files.inUse());
  }

  /** How many bytes it has. */
  public int bytes() {
    return segment.state().bytes() + unwrittenBytes();
  }

  /** How many of them the disk has still to be given. */
  public int unwrittenBytes() {
    return gathered.position() + empty.map(BatchBytes::size).orElse(0);
  }

  /** Whether it would be what is there already. */
  public boolean isTheSame() {
    writeEmpty();
    write();
    return replaced.size() == 1
        && segment.state().headerSum() == replaced.getFirst().state().headerSum()
        && segment.state().bytes() == replaced.getFirst().bytes();
  }

  /** Lets go of its files, wherever they are by now. */
  public void close() {
    segment.close();
  }

  /** Gives it up, and deletes what there is of it. */
  public void discard() {
    close();
    SegmentSwap.undo(files.inUse(), segment.state().base());
  }
}
