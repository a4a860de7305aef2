package dev.naru.log;

import dev.naru.log.recovery.ProducerFiles;
import dev.naru.log.recovery.ProducerSnapshot;
import dev.naru.types.PartitionId;

/**
 * What a log knew of its producers at some moment, taken down by the log's owner to be written by
 * another thread. It is not written if the log was cut or closed since, and not where there is no
 * room: that costs the next start time, and a write that fails would cost the directory.
 */
public final class ProducerCapture {

  /** What a producer with five runs takes in the file, where all numbers are long. */
  private static final int PRODUCER_BYTES = 240;

  private static final int HEAD_BYTES = 200;

  private final LogHome home;
  private final LogUse use;
  private final LogLife life;
  private final long lifeBefore;
  private final ProducerSnapshot snapshot;
  private final long committedEnd;
  private final Outlives outlives;

  /** What end of the process it is written for. */
  public enum Outlives {
    /** Also that of the machine: it is forced, and batches go that it tells of. */
    POWER_CUT,
    /** Only that: it is not forced, and nothing relies on it. */
    KILL
  }

  ProducerCapture(
      LogHome home,
      LogUse use,
      LogLife life,
      ProducerSnapshot snapshot,
      long committedEnd,
      Outlives outlives) {
    this.home = home;
    this.use = use;
    this.life = life;
    this.lifeBefore = life.now();
    this.snapshot = snapshot;
    this.committedEnd = committedEnd;
    this.outlives = outlives;
  }

  /** A file of so many producers has no more bytes. */
  static int bytes(int producers) {
    return HEAD_BYTES + PRODUCER_BYTES * producers;
  }

  /** Whose log. */
  public PartitionId partition() {
    return home.files().partition();
  }

  /** Where the log ended. */
  public long offset() {
    return snapshot.offset();
  }

  /** Whether it is to be forced when its turn comes. */
  public boolean isForced() {
    return outlives == Outlives.POWER_CUT;
  }

  private ProducerFiles files() {
    return home.producerFiles();
  }

  private boolean isWanted() {
    return life.now() == lifeBefore;
  }

  private boolean hasRoom() {
    int bytes = bytes(snapshot.states().size());
    return home.space().whyNotCopies(bytes).isEmpty();
  }

  /**
   * Writes it, durably, if it is still wanted. Waits for the disk.
   *
   * @return false if there is no room for it now
   */
  public boolean write() {
    if (!isWanted()) {
      return true;
    }
    if (!hasRoom()) {
      files().leftOut(offset());
      return false;
    }
    var _ = use.doStep(() -> files().write(snapshot, this::isWanted, committedEnd));
    return true;
  }

  /** Writes it for a start after a kill, if it is still wanted and there is room for it. */
  public void writeUnforced() {
    if (isWanted() && hasRoom()) {
      var _ = use.doStep(() -> files().writeUnforced(snapshot, this::isWanted));
    }
  }

  /**
   * Writes it where nobody takes it for a snapshot yet: it is to be forced with many others.
   *
   * @return false if there is no room for it
   */
  public boolean prepare() {
    boolean hasRoom = hasRoom();
    if (hasRoom) {
      files().prepare(snapshot);
    }
    return hasRoom;
  }

  /** Goes on when all that was prepared has been forced; durable after another force. */
  public void publish() {
    files().publish(snapshot);
  }

  /** Deletes what is not needed any more when it is durable. */
  public void prune() {
    files().prune(committedEnd);
  }
}
