package dev.naru.metadata.command;

import dev.naru.types.NodeId;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A node is to give up all that it leads and holds; it is known no more once it has stopped then.
 * Refused if the others are too few for the copies that are wanted. Without effect if it is sent
 * twice.
 *
 * @param operation drawn by whoever asks: what the operation is known by
 * @param placementSeed drawn by the submitter: dice for where its replicas go
 * @param bytesPerSecond as in {@link ReassignPartitions}
 * @param gone whoever asks knows that the process has ended and will not come back; of a node that
 *     is being decommissioned already only this is noted, and no other operation begins
 */
public record DecommissionNode(
    UUID operation, NodeId node, long placementSeed, OptionalLong bytesPerSecond, boolean gone)
    implements MetadataCommand {

  /** Of a node whose process may be alive. */
  public DecommissionNode(
      UUID operation, NodeId node, long placementSeed, OptionalLong bytesPerSecond) {
    this(operation, node, placementSeed, bytesPerSecond, false);
  }
}
