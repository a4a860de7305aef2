package dev.naru.broker.rpc;

import dev.naru.types.PartitionId;
import dev.naru.types.Refused;

/** Told when reading a log failed: the node decides what that ends, the reader gets the answer. */
@FunctionalInterface
public interface ReadFaults {

  /** Reading this partition's files threw this; the result is what to tell whoever asked. */
  Refused readFailed(PartitionId partition, RuntimeException fault);
}
