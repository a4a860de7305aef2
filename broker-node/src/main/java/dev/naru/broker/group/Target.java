package dev.naru.broker.group;

import dev.naru.types.PartitionId;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Who should read what. A member that is absent should read nothing. */
public record Target(TreePMap<MemberId, TreePSet<PartitionId>> partitions) {

  /** No partitions. */
  static final TreePSet<PartitionId> NOTHING = TreePSet.empty();

  /** What this member should read. */
  public TreePSet<PartitionId> of(MemberId member) {
    var known = partitions.get(member);
    return known == null ? NOTHING : known;
  }
}
