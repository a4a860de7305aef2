package dev.naru.cli.salvage;

import dev.naru.client.NaruException;
import dev.naru.client.admin.SalvagePage.Bad;
import dev.naru.client.admin.SalvagePage.Batch;
import dev.naru.client.admin.SalvagePage.Piece;
import dev.naru.log.inspect.Detail;
import dev.naru.log.inspect.FileKind;
import java.util.function.Consumer;

/** Tells of an entry piece by piece, in the words in which files of a node are told of. */
public final class Showing {

  private final boolean isWithRecords;
  private final Consumer<Detail> listener;
  private long left;
  private String file = "";
  private long batches;
  private long records;
  private long damages;

  /**
   * For one pass.
   *
   * @param most how many batches are told of, or records if those are
   */
  public Showing(boolean isWithRecords, long most, Consumer<Detail> listener) {
    this.isWithRecords = isWithRecords;
    this.left = most;
    this.listener = listener;
  }

  /**
   * What was told of.
   *
   * @param isAll whether that is all there is
   */
  public record Count(long batches, long records, long damages, boolean isAll) {

    /** For people. */
    public String text() {
      return "%,d batches, %,d records: %s%s"
          .formatted(
              batches,
              records,
              damages == 0 ? "sound" : "%,d times DAMAGED".formatted(damages),
              isAll ? "" : " so far; --max ended it");
    }
  }

  /** Goes through these pages. */
  public Count run(SalvagePages pages) {
    if (left > 0) {
      pages.forEach(this::tell);
    }
    return new Count(batches, records, damages, left > 0);
  }

  private boolean tell(Piece piece) {
    if (left == 0) {
      return false;
    }
    if (!piece.file().equals(file)) {
      file = piece.file();
      listener.accept(new Detail.Begins(file, FileKind.SEGMENT, piece.fileBytes()));
    }
    if (piece.content() instanceof Batch batch) {
      tell(piece, batch);
    } else if (piece.content() instanceof Bad bad) {
      fault(piece, bad.fault());
    }
    return true;
  }

  private void tell(Piece piece, Batch batch) {
    batches++;
    listener.accept(new Detail.Batch(piece.position(), batch.header(), true));
    if (!isWithRecords) {
      records += batch.header().recordCount();
      left--;
      return;
    }
    try {
      for (var each : batch.records()) {
        if (left == 0) {
          return;
        }
        listener.accept(new Detail.OneRecord(each));
        records++;
        left--;
      }
    } catch (NaruException e) {
      fault(piece, String.valueOf(e.getMessage()));
    }
  }

  private void fault(Piece piece, String reason) {
    damages++;
    listener.accept(new Detail.Fault(piece.file(), piece.position(), reason));
  }
}
