package dev.naru.metadata.log;

import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.Outcome;
import java.util.concurrent.CompletableFuture;

/**
 * Brings this node's commands to the active controller, wherever it is: stamps each with the node's
 * id, epoch, sequence and clock, and sends it again under the same sequence until its outcome is
 * known.
 */
@FunctionalInterface
public interface CommandSubmitter {

  /**
   * Fails with {@link OutcomeUnknownException} when the outcome is not known after a bounded time.
   *
   * @param principal who asked this node, as {@code name@address}; empty: it acts by itself
   */
  CompletableFuture<Outcome> submit(MetadataCommand command, String principal);

  /** What this node does by itself. */
  default CompletableFuture<Outcome> submit(MetadataCommand command) {
    return submit(command, "");
  }
}
