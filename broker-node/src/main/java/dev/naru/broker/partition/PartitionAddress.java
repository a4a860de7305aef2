package dev.naru.broker.partition;

import java.util.Optional;

/** A partition as those reach it who do not own it. Any thread. */
public interface PartitionAddress {

  /** What may be read of the partition; empty while it is not served. */
  Optional<PartitionView> view();

  /** Has the owner take this in, in its turn. */
  void tell(PartitionInput input);
}
