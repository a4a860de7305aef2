package dev.naru.log;

import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.recovery.EpochCheckpoint;

/**
 * What of a log is on disk for certain: from where, up to where, and which epochs. Owned by the
 * log's owner.
 */
final class OnDisk {

  private final EpochsOnDisk epochs;
  private long start;
  private long end;

  OnDisk(EpochCheckpoint checkpoint, EpochHistory epochs, long start, long end) {
    this.epochs = new EpochsOnDisk(checkpoint, epochs);
    this.start = start;
    this.end = end;
  }

  /** The first offset, as the journal has it or will at the end of its round. */
  long start() {
    return start;
  }

  /** Everything below is there. */
  long end() {
    return end;
  }

  /** Whether there is nothing more to force of this log, but names. */
  boolean holds(LogView log) {
    return end == log.end() && epochs.hold(log.epochs()) && start == log.start();
  }

  /** What a ticket has to do about the epochs. */
  EpochsOnDisk.Write write(EpochHistory current) {
    return epochs.write(current);
  }

  /** That was forced. A ticket from before a truncation says nothing about the log of now. */
  void covered(ForceTicket ticket) {
    if (ticket.isCurrent()) {
      end = Math.max(end, ticket.end());
      epochs.performed(ticket.epochs());
      start = ticket.point().start();
    }
  }

  /** The log begins here now: there is nothing below to be forced. */
  void raisedTo(long newStart) {
    end = Math.max(end, newStart);
  }

  /** The log was cut, and is on disk as a whole. */
  void reset(long newStart, long newEnd) {
    start = newStart;
    end = newEnd;
  }
}
