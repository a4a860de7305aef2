package dev.naru.broker.coordinator;

import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupImage;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Map;
import org.pcollections.TreePMap;

/** How far groups that are coordinated on this node are behind. For any thread that may wait. */
public interface GroupLags {

  /** Knows nothing. */
  GroupLags UNKNOWN =
      new GroupLags() {
        @Override
        public Map<PartitionId, GroupLag> of(
            String group, TreePMap<PartitionId, Committed> offsets) {
          return TreePMap.empty();
        }

        @Override
        public List<String> advice(GroupImage image, Map<PartitionId, GroupLag> lags) {
          return List.of();
        }
      };

  /**
   * What lies behind these offsets of a group, now or when it was last measured. Positions that
   * nothing is known of are absent. Waits a few seconds at most.
   */
  Map<PartitionId, GroupLag> of(String group, TreePMap<PartitionId, Committed> offsets);

  /** What the figures suggest an operator should do, a sentence each. */
  List<String> advice(GroupImage image, Map<PartitionId, GroupLag> lags);
}
