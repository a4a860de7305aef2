package dev.naru.log;

import dev.naru.log.recovery.ProducerFiles;
import dev.naru.log.recovery.ProducerSnapshot;
import dev.naru.types.PartitionId;

/**
 * What a log knew of its producers at some moment, taken down by the log's owner to be written by
 * another thread. It is not written if the log was cut or closed since.
 */
public final class ProducerCapture {

  /** About what a producer with five runs takes in the file. */
  private static final int PRODUCER_BYTES = 200;

  private static final int HEAD_BYTES = 200;

  private final LogHome home;
  private final LogUse use;
  private final LogLife life;
  private final long lifeBefore;
  private final ProducerSnapshot snapshot;

  ProducerCapture(LogHome home, LogUse use, LogLife life, ProducerSnapshot snapshot) {
    this.home = home;
    this.use = use;
    this.life = life;
    this.lifeBefore = life.now();
    this.snapshot = snapshot;
  }

  /** Whose log. */
  public PartitionId partition() {
    return home.files().partition();
  }

  /** Where the log ended. */
  public long offset() {
    return snapshot.offset();
  }

  private ProducerFiles files() {
    return home.producerFiles();
  }

  private boolean isWanted() {
    return life.now() == lifeBefore;
  }

  /**
   * Whether there is room for it. Where there is none it is left out, which costs the next start
   * time; a write that fails would cost the directory.
   */
  public boolean hasRoom() {
    int bytes = HEAD_BYTES + PRODUCER_BYTES * snapshot.states().size();
    return home.space().whyNotCopies(bytes).isEmpty();
  }

  /** Writes it, durably. Waits for the disk. */
  public void write() {
    if (hasRoom()) {
      var _ = use.doStep(() -> files().write(snapshot, this::isWanted));
    }
  }

  /** Writes it where nobody takes it for a snapshot yet: it is to be forced with many others. */
  public void prepare() {
    files().prepare(snapshot);
  }

  /** Goes on when all that was prepared has been forced; durable after another force. */
  public void publish() {
    files().publish(snapshot);
  }

  /** Deletes what is not needed any more when it is durable. */
  public void prune() {
    files().prune();
  }
}
