package dev.naru.metadata.command;

import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A process presents itself, after it recovered its logs. It gets a new node epoch, leaves every
 * ISR and stays fenced until it has reported its logs ({@link ReportLogs}) and caught up with the
 * image.
 *
 * @param incarnation drawn at the start of the process: the same one again is a retry and changes
 *     nothing
 * @param knownEpoch the epoch under which the process finds the node registered, empty for none. It
 *     is refused if another process has registered meanwhile, so that the late copy of a dead one's
 *     registration takes nothing from the living
 * @param replacesLost the operator stated that earlier disks of this node are gone
 */
public record RegisterNode(
    String clusterId,
    NodeId node,
    UUID incarnation,
    Optional<NodeEpoch> knownEpoch,
    NodeProfile profile,
    List<DirectoryReport> directories,
    LastStop lastStop,
    boolean replacesLost)
    implements MetadataCommand {

  /** Keeps its own copy of the directories. */
  public RegisterNode {
    directories = List.copyOf(directories);
  }
}
