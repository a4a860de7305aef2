package dev.naru.metadata.log;

import java.util.concurrent.CompletableFuture;

/**
 * Finds the active controller for a node whose image does not tell it yet: before its first
 * registration, or before it is a member of the quorum. Afterwards {@link QuorumView#controller()}
 * and the image do.
 */
public interface ControllerLocator {

  /** Asks the voters; fails after a bounded time when none of them knows a controller. */
  CompletableFuture<ControllerAddress> locate();
}
