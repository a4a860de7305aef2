package dev.naru.log.inspect;

import dev.naru.log.disk.Disk;
import dev.naru.log.disk.OpenFiles;
import dev.naru.log.recovery.DurablePoint;
import dev.naru.log.segment.BatchWalk;
import dev.naru.log.segment.HeaderSum;
import dev.naru.log.segment.SegmentSeal;
import dev.naru.log.segment.SegmentState;
import dev.naru.record.BatchHeader;
import dev.naru.record.Record;
import dev.naru.types.LeaderEpoch;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads one file of batches from its beginning to its end, or to where it makes no sense any more.
 * Holds a window of the file and, while records are looked at, one batch.
 */
final class SegmentInspection {

  /**
   * A file of batches and what is known of it beforehand.
   *
   * @param seal where its seal is, if it has one
   * @param certainBytes how many of its bytes must be there and right
   */
  record Source(String file, String seal, long base, long size, long certainBytes) {}

  private final Report report;
  private final Wanted wanted;
  private final Source source;
  private final Beside beside;
  private final Optional<SegmentSeal> seal;
  private final boolean isSealed;
  private final BatchWalk walk;
  private final RecordCheck records;

  private SegmentState read;
  private int lastEpoch;

  /** Will read this file. */
  SegmentInspection(
      Disk disk, OpenFiles open, Report report, Wanted wanted, Source source, Beside beside) {
    this.report = report;
    this.wanted = wanted;
    this.source = source;
    this.beside = beside;
    this.isSealed = disk.exists(source.seal());
    this.seal = SegmentSeal.read(disk, source.seal());
    this.records = new RecordCheck(open, source.file());
    this.read = SegmentState.empty(source.base());
    int limit = (int) Math.min(source.size(), Integer.MAX_VALUE);
    this.walk =
        new BatchWalk(
            open, source.file(), 0, limit, Optional.of(source.base()), BatchWalk.LONG_WINDOW);
  }

  /** Reads it. Returns the offset after the last batch, unless something in between was not one. */
  OptionalLong run() {
    while (walk.advance()) {
      batch(walk.header(), walk.position());
    }
    walk.fault().ifPresent(reason -> wrong(walk.position(), reason));
    if (source.size() > Integer.MAX_VALUE) {
      wrong(
          Integer.MAX_VALUE,
          "Expected at most 2147483647 bytes, but the file has " + source.size());
    }
    if (wanted.verify()) {
      againstDurablePoint();
      againstSeal();
    }
    return walk.fault().isEmpty() ? OptionalLong.of(read.end()) : OptionalLong.empty();
  }

  private void batch(BatchHeader header, int position) {
    boolean isShown = header.nextOffset() > wanted.from();
    boolean isRight = !(isShown || wanted.verify()) || walk.checksumFits();
    report.count(header.baseOffset(), header.nextOffset(), header.recordCount());
    if (isShown) {
      report.say(new Detail.Batch(position, header, isRight));
    }
    if (!isRight) {
      wrong(position, "Expected the checksum of the batch's bytes, but was another");
    } else if (wanted.verify() || (wanted.records() && isShown)) {
      records
          .read(header, position, isShown && wanted.records() ? this::record : _ -> {})
          .ifPresent(reason -> wrong(position, reason));
    }
    read = with(header);
    if (wanted.verify()) {
      epoch(header, position);
      lastBelowDurablePoint(header);
    }
  }

  private void record(Record record) {
    if (record.offset() >= wanted.from()) {
      report.say(new Detail.OneRecord(record));
    }
  }

  private SegmentState with(BatchHeader header) {
    return new SegmentState(
        source.base(),
        header.nextOffset(),
        walk.nextPosition(),
        Math.max(read.maxTimestamp(), header.maxTimestamp()),
        read.headerSum() + HeaderSum.of(header));
  }

  private void epoch(BatchHeader header, int position) {
    if (header.leaderEpoch() < lastEpoch) {
      wrong(
          position,
          "Expected a leader epoch >= %d, but was %d".formatted(lastEpoch, header.leaderEpoch()));
    }
    lastEpoch = Math.max(lastEpoch, header.leaderEpoch());
    Optional<LeaderEpoch> expected =
        walk.nextPosition() <= source.certainBytes() && beside.isOnRecord()
            ? beside.epochs().flatMap(history -> history.epochAt(header.baseOffset()))
            : Optional.empty();
    if (expected.isPresent() && expected.get().value() != header.leaderEpoch()) {
      wrong(
          position,
          "Expected leader epoch %s, as leader-epochs has it, but was %d"
              .formatted(expected.get(), header.leaderEpoch()));
    }
  }

  /** The batch that ends at the durable point must be the very one that was forced. */
  private void lastBelowDurablePoint(BatchHeader header) {
    if (walk.nextPosition() == source.certainBytes()
        && !beside.point().map(point -> isLastOf(point, header)).orElse(true)) {
      wrong(
          walk.position(),
          "Expected the batch that ends at offset %d, as durable-points has it, but it is another"
              .formatted(beside.point().get().end()));
    }
  }

  private boolean isLastOf(DurablePoint point, BatchHeader header) {
    return header.nextOffset() == point.end()
        && read.headerSum() == point.state().headerSum()
        && point
            .last()
            .map(last -> last.crc() == header.crc() && last.epoch() == header.leaderEpoch())
            .orElse(false);
  }

  private void againstDurablePoint() {
    if (walk.fault().isEmpty()
        && source.certainBytes() != Long.MAX_VALUE
        && source.size() < source.certainBytes()) {
      wrong(
          source.size(),
          "Expected %d bytes, as durable-points has it, but the file has %d"
              .formatted(source.certainBytes(), source.size()));
    }
  }

  private void againstSeal() {
    if (seal.isEmpty()) {
      boolean isClosed = beside.isOnRecord() && source.certainBytes() == Long.MAX_VALUE;
      if (isClosed && !isSealed) {
        wrong(0, "Expected a seal beside a closed segment, but there is none");
      }
      return; // a bad one is told of with its own file
    }
    var sealed = seal.get();
    if (beside.partition().isPresent() && !beside.partition().get().equals(sealed.partition())) {
      wrong(0, "Expected the seal of this log, but is of " + sealed.partition());
    } else if (sealed.state().base() != source.base()) {
      wrong(0, "Expected the seal of this segment, but is of that at " + sealed.state().base());
    } else if (sealed.state().bytes() != source.size()) {
      wrong(
          Math.min(source.size(), sealed.state().bytes()),
          "Expected %d bytes, as sealed, but the file has %d"
              .formatted(sealed.state().bytes(), source.size()));
    } else if (walk.fault().isEmpty()) {
      sealedSum(sealed.state());
    }
  }

  private void sealedSum(SegmentState sealed) {
    if (sealed.end() != read.end() || sealed.headerSum() != read.headerSum()) {
      wrong(
          0,
          "Expected batches up to offset %d with the sum %x, as sealed, but were up to %d with %x"
              .formatted(sealed.end(), sealed.headerSum(), read.end(), read.headerSum()));
    } else if (read.maxTimestamp() > sealed.maxTimestamp()) {
      wrong(
          0,
          "Expected no timestamp after %d, as sealed, but was %d"
              .formatted(sealed.maxTimestamp(), read.maxTimestamp()));
    }
  }

  /** Above what was forced it is what a crash leaves, or a node that writes at this moment. */
  private void wrong(long position, String reason) {
    if (position >= source.certainBytes()) {
      report.note(
          source.file(),
          position,
          "Not known to be durable, so a start would leave it out: " + reason);
    } else {
      report.fault(source.file(), position, reason);
    }
  }
}
