package dev.naru.broker.group;

import dev.naru.types.LeaderEpoch;
import java.util.Optional;

/**
 * Where a group goes on reading a partition.
 *
 * @param offset of the next record to read
 * @param epoch leader epoch of the last record before it, by which a reader notices that the log it
 *     read is not the one there is
 * @param metadata a note of the application's
 * @param commitMillis when the coordinator took it
 */
public record Committed(
    long offset, Optional<LeaderEpoch> epoch, String metadata, long commitMillis) {

  /** An offset without a note or an epoch. */
  public static Committed at(long offset, long commitMillis) {
    return new Committed(offset, Optional.empty(), "", commitMillis);
  }

  /** What is needed to go on. */
  Committed withoutNote() {
    return metadata.isEmpty() ? this : new Committed(offset, epoch, "", commitMillis);
  }
}
