package dev.naru.simulation.invariant;

import dev.naru.types.PartitionId;

/** One thing that must hold of consumer groups. */
public interface GroupInvariant {

  /** A batch of a group's log is committed; the scene knows of it. */
  default void committed(GroupScene scene, GroupStep step) {}

  /** A member begins to read a partition as it was granted. */
  default void took(GroupScene scene, GroupReader reader, PartitionId partition, Granted grant) {}

  /** A member hands records of a partition out to its application. */
  default void handsOut(GroupScene scene, GroupReader reader, PartitionId partition) {}

  /** A client was told that an offset is kept. */
  default void kept(GroupScene scene, GroupReader reader, PartitionId partition, String note) {}

  /** A client was told what is kept. */
  default void found(GroupScene scene, OffsetsSeen answer) {}

  /** A coordinator says something to a client that only one who knows its groups may say. */
  default void answered(GroupScene scene, Coordinator coordinator) {}

  /** A coordinator says how its groups are. */
  default void shown(GroupScene scene, ImagesSeen answer) {}

  /** Now and then, and when nothing happens any more: a replica of a log of groups. */
  default void looks(GroupScene scene, Scene partitions, Replica replica) {}

  /** When nothing happens any more. */
  default void end(GroupScene scene) {}

  /** Its name. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** Ends the run. */
  default Violation violated(PartitionId partition, String format, Object... values) {
    return new Violation(name(), partition, format.formatted(values));
  }
}
