package dev.naru.cli.salvage;

import dev.naru.client.NaruException;
import dev.naru.client.admin.SalvagePage.Bad;
import dev.naru.client.admin.SalvagePage.Batch;
import dev.naru.client.admin.SalvagePage.Piece;
import dev.naru.client.admin.SalvageReason;
import dev.naru.log.inspect.Detail;
import dev.naru.log.inspect.FileKind;
import java.util.function.Consumer;

/** Tells of an entry piece by piece, in the words in which files of a node are told of. */
public final class Showing {

  private final boolean isWithRecords;
  private final SalvageReason reason;
  private final Consumer<Detail> listener;
  private final TornEnd end = new TornEnd();
  private long left;
  private boolean isCut;
  private String file = "";
  private long batches;
  private long records;
  private long damages;

  /**
   * For one pass.
   *
   * @param most how many batches are told of, or records if those are
   */
  public Showing(
      boolean isWithRecords, SalvageReason reason, long most, Consumer<Detail> listener) {
    this.isWithRecords = isWithRecords;
    this.reason = reason;
    this.left = most;
    this.listener = listener;
  }

  /**
   * What was told of.
   *
   * @param isTornEnd whether the damage is only where a crash tore the tail off
   * @param isAll whether that is all there is
   */
  public record Count(long batches, long records, long damages, boolean isTornEnd, boolean isAll) {

    /** For people. */
    public String text() {
      return "%s, %s: %s%s"
          .formatted(
              SalvageText.counted(batches, "batch"),
              SalvageText.counted(records, "record"),
              soundness(),
              isAll ? "" : " so far; --max ended it");
    }

    private String soundness() {
      if (damages == 0) {
        return "sound";
      }
      return isTornEnd
          ? "sound up to where it was torn off"
          : SalvageText.counted(damages, "time") + " DAMAGED";
    }
  }

  /** Goes through these pages. */
  public Count run(SalvagePages pages) {
    isCut = left == 0;
    if (!isCut) {
      pages.forEach(this::tell);
    }
    return new Count(batches, records, damages, end.isAllThereIs(reason), !isCut);
  }

  private boolean tell(Piece piece) {
    if (left == 0) {
      isCut = true;
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
    end.sound();
    listener.accept(new Detail.Batch(piece.position(), batch.header(), true));
    if (!isWithRecords) {
      records += batch.header().recordCount();
      left--;
      return;
    }
    try {
      for (var each : batch.records()) {
        if (left == 0) {
          isCut = true;
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
    end.damaged();
    listener.accept(new Detail.Fault(piece.file(), piece.position(), reason));
  }
}
