package dev.naru.metadata.command;

import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import java.util.List;

/**
 * A leader proposes another ISR. It takes effect only if the leader still leads under all three
 * epochs. A leader that leaves itself out asks to be replaced by one of the members it names.
 *
 * @param reason why, in words, at most {@link #REASON_MAX} characters; told with what comes of it,
 *     and no part of the image; empty: it is not said
 */
public record AlterPartition(
    PartitionId partition,
    LeaderEpoch leaderEpoch,
    PartitionEpoch partitionEpoch,
    IsrMember leader,
    List<IsrMember> isr,
    String reason)
    implements MetadataCommand {

  /** Two sentences; there may be thousands of proposals in one command. */
  public static final int REASON_MAX = 200;

  /** One that does not say why. */
  public AlterPartition(
      PartitionId partition,
      LeaderEpoch leaderEpoch,
      PartitionEpoch partitionEpoch,
      IsrMember leader,
      List<IsrMember> isr) {
    this(partition, leaderEpoch, partitionEpoch, leader, isr, "");
  }

  /** Keeps its own copy of the members, and no more of the reason than there is room for. */
  public AlterPartition {
    isr = List.copyOf(isr);
    reason = reason.substring(0, Math.min(REASON_MAX, reason.length()));
  }

  /** Whether nobody but the leader would be in sync. */
  public boolean leavesLeaderAlone() {
    return isr.equals(List.of(leader));
  }
}
