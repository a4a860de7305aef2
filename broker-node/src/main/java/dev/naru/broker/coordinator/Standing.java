package dev.naru.broker.coordinator;

/** How sure this node can be that it still leads what its image says. */
@FunctionalInterface
public interface Standing {

  /**
   * Whether the image is current at the moment of this call: less than {@code
   * node.liveness.timeout.ms} have passed since this node sent the last heartbeat whose answer its
   * image has caught up with, and since a majority of the voters confirmed the controller that
   * answered. Nobody else can have led for longer than that.
   */
  boolean isCurrent();
}
