package dev.naru.simulation.invariant;

import dev.naru.broker.partition.PartitionInput.StartDue;
import dev.naru.broker.replica.IsrState;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.record.BatchHeader;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.List;

/** One thing that must hold. Looks at what an event touched, and now and then at everything. */
public interface Invariant {

  /** An event changed this replica; the truth knows of it. */
  default void changed(Scene scene, Replica replica) {}

  /** A process has taken the log that it found, or made, into use. */
  default void opened(Scene scene, Replica replica) {}

  /** A leader is about to let its log begin later. */
  default void startDue(Scene scene, Replica leader, StartDue due) {}

  /** The replica has begun to lead, for the first time in this leader epoch. */
  default void beganToLead(Scene scene, Replica replica) {}

  /** These are no longer in the replica's log. */
  default void cut(Scene scene, Replica replica, List<BatchMark> cut) {}

  /** A leader's high watermark passes these batches; the truth does not know them yet. */
  default void commits(Scene scene, Replica leader, List<BatchMark> more) {}

  /** A batch was acknowledged, for all in-sync replicas, at this offset. */
  default void acknowledged(Scene scene, PartitionId partition, BatchMark batch) {}

  /**
   * The controller has decided something that concerns the partition, or the node that holds it.
   */
  default void decided(Scene scene, PartitionId partition) {}

  /**
   * A command has taken effect.
   *
   * @param before the image on which it was decided; the scene has the one after
   * @param changed the partitions whose entry is another one now
   */
  default void commanded(
      Scene scene, ClusterImage before, CommandEnvelope envelope, List<PartitionId> changed) {}

  /** A leader asks, for the first time, for this ISR. */
  default void proposed(Scene scene, Replica leader, AlterPartition proposal) {}

  /** A leader takes this for its ISR from now on. */
  default void assumes(Scene scene, Replica leader, IsrState isr) {}

  /** A batch of a producer that says its numbers was refused for good. */
  default void numbersBroken(Scene scene, PartitionId partition, Refused why) {}

  /**
   * A client was given this batch by the replica.
   *
   * @param wanted the offset that it had asked for
   */
  default void read(Scene scene, Replica from, BatchHeader batch, long wanted) {}

  /** Now and then. */
  default void everything(Scene scene, PartitionId partition) {}

  /** When nothing happens any more. */
  default void end(Scene scene, PartitionId partition) {
    everything(scene, partition);
  }

  /** Its number and name. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** Ends the run. */
  default Violation violated(PartitionId partition, String format, Object... values) {
    return new Violation(name(), partition, format.formatted(values));
  }
}
