package dev.naru.simulation;

import dev.naru.broker.replica.SafetyRules;
import dev.naru.log.PartitionLog;
import dev.naru.types.PartitionId;
import java.util.SortedMap;

/** Which rules the nodes go by: the product's, or for once others, to see whether it is noticed. */
public interface Rules {

  Rules PRODUCT = () -> SafetyRules.PRODUCT;

  SafetyRules safety();

  /** What a node does to its logs between recovery and its first role; the product does nothing. */
  default void beforeRoles(SortedMap<PartitionId, PartitionLog> logs) {}
}
