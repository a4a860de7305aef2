package dev.naru.metadata.command;

import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import java.util.List;

/**
 * A leader proposes another ISR. It takes effect only if the leader still leads under all three
 * epochs. A leader that leaves itself out asks to be replaced by one of the members it names.
 */
public record AlterPartition(
    PartitionId partition,
    LeaderEpoch leaderEpoch,
    PartitionEpoch partitionEpoch,
    IsrMember leader,
    List<IsrMember> isr)
    implements MetadataCommand {

  /** Keeps its own copy of the members. */
  public AlterPartition {
    isr = List.copyOf(isr);
  }

  /** Whether nobody but the leader would be in sync. */
  public boolean leavesLeaderAlone() {
    return isr.equals(List.of(leader));
  }
}
