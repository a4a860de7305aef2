package dev.naru.broker.coordinator;

import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import org.pcollections.TreePMap;

/** What became of a command. */
sealed interface Submitted {

  /**
   * It is done once all below this end is committed.
   *
   * @param refused partitions of a commit that are left out, and why
   */
  record Done(long end, boolean isChange, TreePMap<PartitionId, Refused> refused)
      implements Submitted {}

  /** The rules are against it, as far as the log goes up to this end. */
  record Denied(long end, Refused why) implements Submitted {}

  /** It could not be written; nothing has changed. */
  record NotWritten(Refused why) implements Submitted {}
}
