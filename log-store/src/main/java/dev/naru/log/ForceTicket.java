package dev.naru.log;

import dev.naru.log.disk.Disk;
import dev.naru.log.recovery.DurablePoint;
import dev.naru.log.segment.ForceWork;
import dev.naru.types.PartitionId;

/**
 * One log's wish to have what it wrote made durable: which end it covers and which files that
 * takes, both taken down by the log's owner before the force. {@link #perform} does the I/O, on any
 * thread; then the owner hands the ticket to {@link PartitionLog#forced}. Tickets of one log are
 * performed in the order they were made; leaving one out is fine, the next covers it.
 */
public final class ForceTicket {

  private final Disk disk;
  private final ForceWork work;
  private final DurablePoint point;
  private final EpochsOnDisk.Write epochs;
  private final LogLife life;
  private final long lifeBefore;

  ForceTicket(
      Disk disk, ForceWork work, DurablePoint point, EpochsOnDisk.Write epochs, LogLife life) {
    this.disk = disk;
    this.work = work;
    this.point = point;
    this.epochs = epochs;
    this.life = life;
    this.lifeBefore = life.now();
  }

  /** Whose log. */
  public PartitionId partition() {
    return point.partition();
  }

  /** Everything below is durable once it has been performed. */
  public long end() {
    return point.end();
  }

  /** What may be recorded once it has been performed, while it {@link #isCurrent}. */
  public DurablePoint point() {
    return point;
  }

  /** Whether the log has been neither cut nor closed since. */
  public boolean isCurrent() {
    return life.now() == lifeBefore;
  }

  /** Forces the files, unless the log was closed. Never called again after it has failed. */
  public void perform() {
    if (life.isClosed()) {
      return;
    }
    work.forceFiles();
    epochs.perform();
    work.forceNames(disk);
  }

  /** Does what is left when {@link Disk#forceAll} was done after the ticket was made. */
  public void performAfterForceAll() {
    if (!life.isClosed()) {
      epochs.perform();
    }
  }

  /** How many forces it takes that one {@link Disk#forceAll} would save. */
  public int forces() {
    return work.forces();
  }

  ForceWork work() {
    return work;
  }

  EpochsOnDisk.Write epochs() {
    return epochs;
  }
}
