package dev.naru.log.recovery;

import dev.naru.log.disk.Damage;
import java.util.List;
import java.util.Optional;

/** What became of one log. */
public sealed interface Recovery {

  /** Bytes that were read because they lay above the durable point, and kept. */
  long scannedBytes();

  /** It can go on. */
  record Whole(RecoveredLog log, Effort effort) implements Recovery {

    @Override
    public long scannedBytes() {
      return effort.scannedBytes();
    }
  }

  /**
   * It cannot; it must be fetched anew from a peer.
   *
   * @param start the log's first offset, as far as that is known; else 0
   */
  record Damaged(Damage damage, long start, Optional<String> quarantine) implements Recovery {

    @Override
    public long scannedBytes() {
      return 0;
    }
  }

  /**
   * What was done for it.
   *
   * @param scannedBytes read because they lay above the durable point, and kept
   * @param cutBytes cut off because they were not good
   * @param setAside where the cut bytes are
   * @param warnings what a person should know, a sentence each
   */
  record Effort(
      long scannedBytes, long cutBytes, Optional<String> setAside, List<String> warnings) {}
}
