package dev.naru.metadata.command;

import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.UUID;

/**
 * A process presents itself, after it recovered its logs. It gets a new node epoch, leaves every
 * ISR and stays fenced until it has reported its logs ({@link ReportLogs}) and caught up with the
 * image.
 *
 * @param incarnation drawn at the start of the process: the same one again is a retry and changes
 *     nothing
 * @param replacesLost the operator stated that earlier disks of this node are gone
 */
public record RegisterNode(
    String clusterId,
    NodeId node,
    UUID incarnation,
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
