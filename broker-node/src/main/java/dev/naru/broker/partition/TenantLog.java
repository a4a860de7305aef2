package dev.naru.broker.partition;

import dev.naru.log.LogView;
import dev.naru.record.BatchBytes;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.Optional;

/** The log of a partition as its {@link Tenant} has it, for one leader epoch. */
public interface TenantLog {

  /** Whose log. */
  PartitionId id();

  /** The epoch in which this node leads. */
  LeaderEpoch epoch();

  /** Where the log ended when the epoch began: what lies below others wrote. */
  long epochStart();

  /**
   * Appends one batch, under the checks that a client's with acks=all meets: the leader, the
   * in-sync replicas, the room on the disk. It is committed once {@link Tenant#committed} says so,
   * or never.
   *
   * @return why nothing was appended; empty if the batch is in the log
   */
  Optional<Refused> append(BatchBytes batch);

  /** Where the log begins now. */
  long start();

  /** Where the log ends now, exclusive. */
  long end();

  /** The log as it is now, for readers on any thread. */
  LogView view();
}
