package dev.naru.cli.salvage;

import dev.naru.cli.output.Notes;
import dev.naru.cli.salvage.LiveLog.Verdict;
import dev.naru.client.NaruException;
import dev.naru.client.admin.SalvagePage.Bad;
import dev.naru.client.admin.SalvagePage.Batch;
import dev.naru.client.admin.SalvagePage.Piece;
import dev.naru.client.admin.SalvageReason;
import dev.naru.record.BatchHeader;
import dev.naru.record.Record;
import dev.naru.types.ErrorCode;
import java.util.List;
import java.util.Optional;

/**
 * Goes through an entry once and hands on the records that are missing. Left out, and counted, is
 * what the log still holds, what nobody can say of whether it does, what is damaged, and what are
 * no records of an application. Stops at the first record that could not be written.
 */
public final class Republishing {

  private final SalvageReason reason;
  private final Optional<LiveLog> live;
  private final long from;
  private final RecordOutlet outlet;
  private final Notes notes;
  private final boolean isTelling;
  private long held;
  private long undecided;
  private long controlBatches;
  private long damagedBatches;
  private long strayBytes;

  /**
   * For one pass.
   *
   * @param live the log that it was cut off; empty if that is no more
   * @param from records below this offset are passed over in silence
   * @param isTelling whether damage is told of; a look before the real pass keeps it to itself
   */
  public Republishing(
      SalvageReason reason,
      Optional<LiveLog> live,
      long from,
      RecordOutlet outlet,
      Notes notes,
      boolean isTelling) {
    this.reason = reason;
    this.live = live;
    this.from = from;
    this.outlet = outlet;
    this.notes = notes;
    this.isTelling = isTelling;
  }

  /**
   * What became of the records.
   *
   * @param taken handed on: written, or to be written
   * @param held left out, because the log still has them
   * @param undecided left out, because the log no longer keeps what it had at their offsets, or is
   *     gone itself
   * @param controlBatches left out, because they are the brokers' own marks
   * @param damagedBatches left out, because their bytes are not what they were
   * @param strayBytes what is no batch at all
   */
  public record Count(
      long taken,
      long held,
      long undecided,
      long controlBatches,
      long damagedBatches,
      long strayBytes) {}

  /** Goes through these pages. */
  public Count run(SalvagePages pages) {
    pages.forEach(this::take);
    outlet.finish();
    return new Count(outlet.count(), held, undecided, controlBatches, damagedBatches, strayBytes);
  }

  private boolean take(Piece piece) {
    if (piece.content() instanceof Batch batch) {
      take(piece, batch);
    } else if (piece.content() instanceof Bad bad) {
      pass(piece, bad);
    }
    return !outlet.hasFailed();
  }

  private void pass(Piece piece, Bad bad) {
    if (bad.claim().isPresent()) {
      damagedBatches++;
    } else {
      strayBytes += piece.size();
    }
    tell(piece, bad.fault());
  }

  private void tell(Piece piece, String fault) {
    if (isTelling) {
      notes.warn(
          ErrorCode.CORRUPT_RECORD.name(),
          "%s, byte %d, is left out: %s".formatted(piece.file(), piece.position(), fault));
    }
  }

  private void take(Piece piece, Batch batch) {
    BatchHeader header = batch.header();
    if (header.isControl()) {
      controlBatches++;
      return;
    }
    List<Record> records;
    try {
      records = batch.records(); // all of them, or none is sent
    } catch (NaruException e) {
      damagedBatches++;
      tell(piece, String.valueOf(e.getMessage()));
      return;
    }
    for (var each : records) {
      if (each.offset() >= from && isMissing(each, header.leaderEpoch())) {
        outlet.put(each);
      }
      if (outlet.hasFailed()) {
        return;
      }
    }
  }

  private boolean isMissing(Record each, int epoch) {
    var verdict = live.map(log -> log.find(each, epoch)).orElse(Verdict.UNDECIDED);
    return switch (verdict) {
      case ABSENT -> true;
      case HELD -> {
        held++;
        yield false;
      }
      // A follower cuts only what its leader has never had. What a crash has torn off may well have
      // been everywhere else, and be gone from there by retention or compaction.
      case UNDECIDED -> {
        boolean isMissing = reason == SalvageReason.CUT_TAIL;
        undecided += isMissing ? 0 : 1;
        yield isMissing;
      }
    };
  }
}
