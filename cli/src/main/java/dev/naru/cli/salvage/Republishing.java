package dev.naru.cli.salvage;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.output.Notes;
import dev.naru.cli.salvage.RecordOutlet.Taken;
import dev.naru.client.NaruException;
import dev.naru.client.admin.SalvagePage.Bad;
import dev.naru.client.admin.SalvagePage.Batch;
import dev.naru.client.admin.SalvagePage.Piece;
import dev.naru.client.admin.SalvageReason;
import dev.naru.record.Compression;
import dev.naru.record.Record;
import dev.naru.types.ErrorCode;
import java.util.List;
import java.util.Optional;

/**
 * Goes through an entry once and hands on the records that are missing. Left out, and counted, is
 * what the log still holds, what nobody can say of whether it does, what is damaged, and what are
 * no records of an application. Stops when the outlet takes no more.
 */
public final class Republishing {

  private final SalvageReason reason;
  private final Optional<LiveLog> live;
  private final StartingPoint from;
  private final RecordOutlet outlet;
  private final Notes notes;
  private final boolean isTelling;
  private final RepublishTally tally = new RepublishTally();
  private boolean isReached;

  /**
   * For one pass.
   *
   * @param live the log that it was cut off; empty if that is no more
   * @param from records before it are passed over, and counted
   * @param isTelling whether damage is told of; a look before the real pass keeps it to itself
   */
  public Republishing(
      SalvageReason reason,
      Optional<LiveLog> live,
      StartingPoint from,
      RecordOutlet outlet,
      Notes notes,
      boolean isTelling) {
    this.reason = reason;
    this.live = live;
    this.from = from;
    this.outlet = outlet;
    this.notes = notes;
    this.isTelling = isTelling;
    this.isReached = from instanceof StartingPoint.Offset;
  }

  /**
   * Goes through these pages; what the outlet has to say it says in any case.
   *
   * @throws CommandFailure if the place to begin at is not there
   */
  public RepublishCount run(SalvagePages pages) {
    try {
      pages.forEach(this::take);
      if (!isReached) {
        throw CommandFailure.usage(
            "Expected --from of a place in this entry, but there is no batch at " + from);
      }
    } catch (RuntimeException e) {
      finish(e);
      throw e;
    }
    outlet.finish();
    return count();
  }

  private void finish(RuntimeException after) {
    try {
      outlet.finish();
    } catch (RuntimeException e) {
      after.addSuppressed(e);
    }
  }

  /** What became of the records so far. */
  public RepublishCount count() {
    return tally.count(outlet.count(), reason);
  }

  private boolean take(Piece piece) {
    isReached = isReached || isWhereToBegin(piece);
    switch (piece.content()) {
      case Batch batch -> take(piece, batch);
      case Bad bad -> {
        tally.damaged(bad.claim().isPresent(), piece.size());
        tell(piece, bad.fault());
      }
    }
    return outlet.takesMore();
  }

  private boolean isWhereToBegin(Piece piece) {
    return from instanceof StartingPoint.Place(var file, long position, long _)
        && piece.file().equals(file)
        && piece.position() == position;
  }

  private void tell(Piece piece, String fault) {
    if (isTelling) {
      notes.warn(
          ErrorCode.CORRUPT_RECORD.name(),
          "%s, byte %d, is left out: %s".formatted(piece.file(), piece.position(), fault));
    }
  }

  private void take(Piece piece, Batch batch) {
    var header = batch.header();
    tally.sound();
    if (!isReached) {
      tally.passedOver(header.recordCount());
    } else if (header.isControl()) {
      tally.controlBatch();
    } else if (header.isTransactional()) {
      tally.transactionalBatch(); // whether it was aborted stands elsewhere
    } else {
      records(piece, batch)
          .map(records ->
              records.stream()
                  .filter(each -> isAsked(piece, each) && isMissing(each, header.leaderEpoch()))
                  .toList())
          .filter(missing -> !missing.isEmpty())
          .ifPresent(missing ->
              outlet.put(
                  new Taken(
                      piece.file(),
                      piece.position(),
                      header.compression().orElse(Compression.NONE),
                      missing)));
    }
  }

  /** All of them, or none is taken. */
  private Optional<List<Record>> records(Piece piece, Batch batch) {
    try {
      return Optional.of(batch.records());
    } catch (NaruException e) {
      tally.damaged(true, piece.size());
      tell(piece, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private boolean isAsked(Piece piece, Record each) {
    boolean isAsked =
        switch (from) {
          case StartingPoint.Offset(long offset) -> each.offset() >= offset;
          case StartingPoint.Place(var _, long _, long offset) ->
              !isWhereToBegin(piece) || each.offset() >= offset;
        };
    tally.passedOver(isAsked ? 0 : 1);
    return isAsked;
  }

  private boolean isMissing(Record each, int epoch) {
    return switch (live.map(log -> log.find(each, epoch)).orElse(LiveLog.Verdict.UNDECIDED)) {
      case ABSENT -> true;
      case HELD -> {
        tally.held();
        yield false;
      }
      case PENDING -> {
        tally.pending();
        yield false;
      }
      // What a crash has torn off may well have been everywhere else, and be gone from there by
      // retention or compaction. A follower cuts what its leader does not have; only if another
      // replica that had it has led since can the log have had it after all, which is told.
      case UNDECIDED -> {
        boolean isMissing = reason == SalvageReason.CUT_TAIL;
        tally.undecided(isMissing);
        yield isMissing;
      }
    };
  }
}
