package dev.naru.broker.rpc;

import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.Optional;

/** Whether there is space for new records; asked for every batch, so the answer is at hand. */
@FunctionalInterface
public interface WritableDisks {

  /** Why the disk of this partition takes no new records now, if it does not. */
  Optional<Refused> refusal(PartitionId partition);
}
