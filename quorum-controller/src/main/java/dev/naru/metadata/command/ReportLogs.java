package dev.naru.metadata.command;

import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import java.util.List;

/**
 * A registered, not yet unfenced node says what it holds of the partitions in whose ELR it has a
 * place. It reports once it has applied its registration; other partitions need no report.
 *
 * @param logs at most {@link MetadataCommand#ENTRIES_MAX}; more go into further commands
 * @param last no more follow: a place in an ELR that was not reported is lost
 */
public record ReportLogs(NodeId node, NodeEpoch epoch, List<LogReport> logs, boolean last)
    implements MetadataCommand {

  /** Keeps its own copy of the reports. */
  public ReportLogs {
    logs = List.copyOf(logs);
  }
}
