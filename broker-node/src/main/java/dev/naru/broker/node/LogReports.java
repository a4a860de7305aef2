package dev.naru.broker.node;

import dev.naru.log.PartitionLog;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.LogStore;
import dev.naru.metadata.command.LogReport;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ElrPlace;
import dev.naru.metadata.image.LogEnd;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a starting node says of its logs that the cluster counts on. */
final class LogReports {

  private final NodeId self;
  private final NodeLogs logs;
  private final LogStore store;

  LogReports(NodeId self, NodeLogs logs) {
    this.self = self;
    this.logs = logs;
    this.store = logs.store();
  }

  /** Whether every directory that the cluster knew of this node is here and in use. */
  boolean areAllThere(ClusterImage image) {
    var used =
        store.directories().stream()
            .filter(directory -> directory.failure().isEmpty())
            .map(DataDirectory::id)
            .collect(Collectors.toSet());
    return !logs.mayMissLogs()
        && image.node(self).map(node -> used.containsAll(node.directories().keySet())).orElse(true);
  }

  /**
   * Of the partitions in whose ELR this node has a place, or of which a loss waits for its word.
   *
   * @param areAllThere as it was before this process registered
   */
  List<LogReport> of(ClusterImage image, boolean areAllThere) {
    var reports = new ArrayList<LogReport>();
    image
        .partitionsOn(self)
        .filter(id ->
            image
                .partition(id)
                .filter(entry ->
                    entry.elr().get(self) instanceof ElrPlace.Awaited
                        || entry.losses().anyWaitsFor(self))
                .isPresent())
        .forEach(id -> report(id, areAllThere).ifPresent(reports::add));
    return reports;
  }

  private Optional<LogReport> report(PartitionId id, boolean areAllThere) {
    if (store.damaged().containsKey(id)) {
      return Optional.of(new LogReport(id, store.directoryOf(id).id(), LogEnd.NOTHING, 0, true));
    }
    return store.log(id).map(found -> report(id, found)).or(() -> neverWritten(id, areAllThere));
  }

  private LogReport report(PartitionId id, PartitionLog found) {
    var end =
        new LogEnd(
            found.lastBatch().map(batch -> new LeaderEpoch(batch.leaderEpoch())), found.end());
    return new LogReport(id, store.directoryOf(id).id(), end, found.durableEnd(), false);
  }

  /**
   * A log that was never made is empty, and with the others of the partition that may be all there
   * is. But who cannot see a directory that it had does not know what was made there: without a
   * report this replica stands for nothing.
   */
  private Optional<LogReport> neverWritten(PartitionId id, boolean areAllThere) {
    if (!areAllThere) {
      return Optional.empty();
    }
    return store.directories().stream()
        .findFirst()
        .map(directory -> new LogReport(id, directory.id(), LogEnd.NOTHING, 0, false));
  }
}
