package dev.naru.log;

import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.recovery.EpochCheckpoint;

/**
 * Keeps the epoch history on disk in step with the log's, by what it gives to force tickets. Owned
 * by the log's owner.
 *
 * <p>While a write is on its way, what is on disk is not known, so the next ticket writes too; that
 * an older write is done after a newer one, the checkpoint prevents.
 */
final class EpochsOnDisk {

  private final EpochCheckpoint checkpoint;
  private EpochHistory written;
  private long asked; // counts the writes
  private long done; // the last of them that is known to be done

  EpochsOnDisk(EpochCheckpoint checkpoint, EpochHistory written) {
    this.checkpoint = checkpoint;
    this.written = written;
  }

  /**
   * What a ticket has to do about the history.
   *
   * @param isNeeded whether it has to write it
   */
  record Write(EpochCheckpoint checkpoint, long number, EpochHistory history, boolean isNeeded) {

    void perform() {
      if (isNeeded) {
        checkpoint.write(number, history);
      }
    }
  }

  boolean hold(EpochHistory current) {
    return asked == done && written.equals(current);
  }

  Write write(EpochHistory current) {
    boolean isNeeded = !hold(current);
    asked += isNeeded ? 1 : 0;
    return new Write(checkpoint, asked, current, isNeeded);
  }

  /** The write of a ticket that was performed, before any cut. */
  void performed(Write write) {
    if (write.isNeeded) {
      written = write.history;
      done = Math.max(done, write.number);
    }
  }
}
