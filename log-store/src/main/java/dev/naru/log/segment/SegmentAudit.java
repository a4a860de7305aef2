package dev.naru.log.segment;

import dev.naru.log.disk.DiskFile;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.record.BatchHeader;
import dev.naru.types.LeaderEpoch;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Reads a closed segment as a whole, a piece at a time, and compares every file of it with what it
 * was when it was closed: each batch by its checksum, its place and its epoch; all of them together
 * by the sum of their headers, which tells them from another partition's; length, seal and indexes.
 * Reads of consumers do less: they trust the segment to be this one.
 *
 * <p>Indexes are caches, so they are written again where they are not what the batches say. Owned
 * by one thread, while the log's owner and readers go on.
 */
public final class SegmentAudit {

  /** How far an audit has come. */
  public sealed interface Verdict {

    /** There is more to read. */
    record Unfinished() implements Verdict {}

    /** All is as it was. */
    record Sound(List<String> mended) implements Verdict {}

    /** The batches are sound, but not what tells whose they are: the log's owner has to seal it. */
    record Unsealed(String reason) implements Verdict {}

    /** Something else lies there than what was written. */
    record Damaged(int position, String reason) implements Verdict {}
  }

  private final Segment segment;
  private final EpochHistory epochs;
  private final BatchWalk walk;
  private final IndexAudit indexes;
  private SegmentState read;

  /**
   * Will read the file that now has the segment's name, whatever was open under it before.
   *
   * @param epochs which epochs wrote the log
   */
  public SegmentAudit(Segment segment, EpochHistory epochs) {
    this.segment = segment;
    this.epochs = epochs;
    segment.files().open().forget(segment.log());
    walk = segment.walk();
    read = SegmentState.empty(segment.base());
    indexes = new IndexAudit(segment);
  }

  /** How many bytes have been read. */
  public int position() {
    return walk.position();
  }

  /**
   * Reads on for about so many bytes, but at least one batch.
   *
   * @param isOutdated whether the log has been changed under this audit, whose findings then mean
   *     nothing
   */
  public Verdict step(int bytesMax, BooleanSupplier isOutdated) {
    long until = (long) walk.position() + bytesMax;
    while (walk.advance()) {
      var wrong = whatIsWrongWith(walk.header());
      if (wrong.isPresent()) {
        return new Verdict.Damaged(walk.position(), wrong.get());
      }
      indexes.note(walk.header(), walk.position(), read.maxTimestamp());
      read = read.with(walk.header());
      if (walk.nextPosition() >= until && walk.nextPosition() < segment.bytes()) {
        return new Verdict.Unfinished();
      }
    }
    return walk.fault()
        .<Verdict>map(reason -> new Verdict.Damaged(walk.position(), reason))
        .or(this::asAWhole)
        .orElseGet(() -> isChanging(isOutdated) ? new Verdict.Sound(List.of()) : besides());
  }

  private Optional<String> whatIsWrongWith(BatchHeader header) {
    // Of the last record: the first may lie below the start of the log, and of its history.
    int expected = epochs.epochAt(header.lastOffset()).map(LeaderEpoch::value).orElse(-1);
    if (expected >= 0 && expected != header.leaderEpoch()) {
      return Optional.of(
          "Expected leader epoch %d at offset %d, but was %d"
              .formatted(expected, header.lastOffset(), header.leaderEpoch()));
    }
    return walk.checksumFits()
        ? Optional.empty()
        : walk.fault()
            .or(() ->
                Optional.of(
                    "Expected the checksum %08x of the batch at offset %d, but its bytes have another"
                        .formatted(header.crc(), header.baseOffset())));
  }

  private Optional<Verdict> asAWhole() {
    if (!isAsSealed()) {
      return Optional.of(
          new Verdict.Damaged(
              0, "Expected the batches of %s, but were %s".formatted(segment.state(), read)));
    }
    var file = segment.files().disk().open(segment.log());
    if (file.isEmpty()) {
      return Optional.of(new Verdict.Damaged(0, "Expected a segment, but it is missing"));
    }
    try (DiskFile opened = file.get()) {
      return opened.size() == segment.bytes()
          ? Optional.empty()
          : Optional.of(
              new Verdict.Damaged(
                  segment.bytes(),
                  "Expected %d bytes, but the file has %d"
                      .formatted(segment.bytes(), opened.size())));
    }
  }

  /** After a cut the latest timestamp of a segment is only a bound. */
  private boolean isAsSealed() {
    var sealed = segment.state();
    return read.end() == sealed.end()
        && read.bytes() == sealed.bytes()
        && read.headerSum() == sealed.headerSum()
        && read.maxTimestamp() <= sealed.maxTimestamp();
  }

  /** What lies beside the batches belongs to others of them, until a swap has been finished. */
  private boolean isChanging(BooleanSupplier isOutdated) {
    return isOutdated.getAsBoolean() || SegmentSwap.isUnderWay(segment.files(), segment.base());
  }

  private Verdict besides() {
    var mended = indexes.mend();
    var seal = SegmentSeal.read(segment.files(), segment.base());
    return seal.equals(Optional.of(SegmentSeal.of(segment)))
        ? new Verdict.Sound(mended)
        : new Verdict.Unsealed(
            "Expected the seal of %s, but was %s"
                .formatted(segment.log(), seal.map(SegmentSeal::toString).orElse("none")));
  }
}
