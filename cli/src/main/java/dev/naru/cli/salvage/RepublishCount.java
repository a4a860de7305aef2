package dev.naru.cli.salvage;

import dev.naru.types.ErrorCode;
import java.util.EnumMap;
import java.util.Map;

/**
 * What became of the records of a pass.
 *
 * @param taken handed on: written, or to be written
 * @param unproven how many of those lay at offsets that the log no longer keeps, or no log keeps:
 *     nobody can say whether it had them
 */
public record RepublishCount(long taken, long unproven, LeftOut leftOut, Damage damage) {

  /**
   * What was left out although it is sound.
   *
   * @param held records that the log still has
   * @param undecided records of which nobody can say whether the log had them
   * @param pending records that the log may have above what is committed
   * @param passedOver records before the place to begin at
   * @param controlBatches the brokers' own marks
   * @param transactionalBatches batches of transactions, which may have been aborted
   */
  public record LeftOut(
      long held,
      long undecided,
      long pending,
      long passedOver,
      long controlBatches,
      long transactionalBatches) {}

  /**
   * What could not be read.
   *
   * @param batches those whose bytes are not what they were
   * @param strayBytes what is no batch at all
   * @param isTornEnd whether that is only where a crash tore the tail off
   */
  public record Damage(long batches, long strayBytes, boolean isTornEnd) {

    /** Whether there is any. */
    public boolean isAny() {
      return batches > 0 || strayBytes > 0;
    }
  }

  /** Whether nothing was left out that somebody might miss. */
  public boolean isAll() {
    return leftOut.pending() == 0
        && leftOut.transactionalBatches() == 0
        && (!damage.isAny() || damage.isTornEnd());
  }

  /** For people. */
  public String sentence(boolean isDryRun) {
    var text =
        new StringBuilder(
            SalvageText.counted(taken, "record") + (isDryRun ? " to write" : " written"));
    if (unproven > 0) {
      text.append(" (%,d of them at offsets that the log no longer keeps)".formatted(unproven));
    }
    text.append(", %,d left out that the log still holds".formatted(leftOut.held()));
    add(text, leftOut.undecided(), "record", "left out that the log may have had before");
    add(text, leftOut.pending(), "record", "left out that its leader may have uncommitted");
    add(text, leftOut.passedOver(), "record", "passed over by --from");
    add(text, leftOut.controlBatches(), "mark", "of brokers left out");
    add(text, leftOut.transactionalBatches(), "batch", "of transactions left out");
    add(text, damage.batches(), "DAMAGED batch", "left out");
    add(text, damage.strayBytes(), "byte", "left out that are no batch");
    return text.toString();
  }

  /** What of it somebody should look at again, also if he wants no notes. */
  public Map<ErrorCode, String> warnings() {
    var warnings = new EnumMap<ErrorCode, String>(ErrorCode.class);
    if (leftOut.pending() > 0) {
      warnings.put(
          ErrorCode.OFFSET_NOT_AVAILABLE,
          "%s left out, because the leader of their time still leads and may commit them yet:"
                  .formatted(SalvageText.counted(leftOut.pending(), "record"))
              + " look again when enough replicas are in sync");
    }
    if (leftOut.transactionalBatches() > 0) {
      warnings.put(
          ErrorCode.INVALID_RECORD,
          "%s of transactions left out, because nothing here says whether those were aborted"
              .formatted(SalvageText.counted(leftOut.transactionalBatches(), "batch")));
    }
    if (unproven > 0) {
      warnings.put(
          ErrorCode.OFFSET_OUT_OF_RANGE,
          "%s at offsets that the log no longer keeps: if a replica that had them has led since,"
                  .formatted(SalvageText.counted(unproven, "record"))
              + " retention may have deleted them on purpose");
    }
    return warnings;
  }

  private static void add(StringBuilder text, long count, String what, String rest) {
    if (count > 0) {
      text.append(", ").append(SalvageText.counted(count, what)).append(' ').append(rest);
    }
  }
}
