package dev.naru.broker.loop;

/** Told when a fault in one partition has stopped it. Called on its loop; must not block. */
@FunctionalInterface
public interface PartitionFaults {

  /** The partition is out of use on this node; the others go on. */
  void stopped(PartitionSeat seat, RuntimeException fault);
}
