package dev.naru.metadata.machine;

import dev.naru.metadata.command.GiveUpReplicas;
import dev.naru.metadata.command.LogReport;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.event.MetadataEvent;
import dev.naru.metadata.event.MetadataEvent.NodeLogsReported;
import dev.naru.metadata.event.PartitionCause;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.DirectoryTrust;
import dev.naru.metadata.image.ElrPlace;
import dev.naru.metadata.image.ElrPlace.Awaited;
import dev.naru.metadata.image.ElrPlace.Recovered;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;

/** Rules about what a node says of its logs: who keeps a place in an ELR, and who loses it. */
final class LogReportRules {

  private LogReportRules() {}

  /** A started node says what it recovered. Once it has said all, more changes nothing. */
  static Decision report(ClusterImage image, ReportLogs command) {
    return check(image, command.node(), command.epoch(), command.logs().size())
        .<Decision>map(Decision.Refusal::new)
        .or(() ->
            image
                .node(command.node())
                .filter(node -> !node.logsReported())
                .map(node -> new Decision.Accepted(reported(image, node, command))))
        .orElseGet(Decision::accepted);
  }

  /** A running node can no longer vouch for some replicas. */
  static Decision giveUp(ClusterImage image, GiveUpReplicas command) {
    var refusal = check(image, command.node(), command.epoch(), command.partitions().size());
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    var drafts = new PartitionDrafts(image);
    for (var id : command.partitions()) {
      drafts.change(
          id,
          draft ->
              switch (command.cause()) {
                case DAMAGED -> draft.begunAnew(command.node());
                case STORAGE_FAILED -> draft.leaving(command.node(), new Awaited());
              });
    }
    var cause =
        switch (command.cause()) {
          case DAMAGED -> PartitionCause.REPLICA_DAMAGED;
          case STORAGE_FAILED -> PartitionCause.STORAGE_FAILED;
        };
    return new Decision.Accepted(drafts.settled(cause));
  }

  private static Optional<Refused> check(
      ClusterImage image, NodeId node, NodeEpoch epoch, int entries) {
    var refusal = Registered.check(image, node, epoch);
    return refusal.isPresent() || entries <= MetadataCommand.ENTRIES_MAX
        ? refusal
        : Optional.of(
            new Refused(
                ErrorCode.LIMIT_EXCEEDED,
                "Expected at most %s entries, but were %s"
                    .formatted(MetadataCommand.ENTRIES_MAX, entries)));
  }

  private static List<MetadataEvent> reported(
      ClusterImage image, NodeImage node, ReportLogs command) {
    var drafts = new PartitionDrafts(image);
    for (var report : command.logs()) {
      drafts.change(report.partition(), draft -> judged(draft, node, report));
    }
    if (command.last()) {
      image
          .partitionIds()
          .filter(id -> image.partition(id).filter(entry -> isAwaited(entry, node)).isPresent())
          .forEach(id -> drafts.change(id, draft -> withoutUnreported(draft, node)));
    }
    var events = new ArrayList<>(drafts.settled(PartitionCause.LOG_REPORTED));
    if (command.last()) {
      events.add(new NodeLogsReported(node.id()));
    }
    return events;
  }

  private static boolean isAwaited(PartitionImage entry, NodeImage node) {
    return isAwaited(entry.elr(), node) || entry.losses().anyWaitsFor(node.id());
  }

  /** Only a place, or a loss, that waits for this report is touched by it. */
  private static PartitionDraft judged(PartitionDraft draft, NodeImage node, LogReport report) {
    if (!holdsAll(node, report)) {
      return withoutUnreported(draft, node);
    }
    var heard = draft.heardOf(node.id(), report.log());
    return isAwaited(draft.elr(), node)
        ? heard.leaving(node.id(), new Recovered(report.log()))
        : heard;
  }

  private static boolean holdsAll(NodeImage node, LogReport report) {
    return !report.damaged()
        && report.log().end() >= report.durablePoint()
        && node.directories().get(report.directory()) == DirectoryTrust.TRUSTED;
  }

  /** A log that is not there holds nothing. */
  private static PartitionDraft withoutUnreported(PartitionDraft draft, NodeImage node) {
    return isAwaited(draft.elr(), node) || draft.losses().anyWaitsFor(node.id())
        ? draft.ruledOut(node.id())
        : draft;
  }

  private static boolean isAwaited(TreePMap<NodeId, ElrPlace> elr, NodeImage node) {
    return elr.get(node.id()) instanceof Awaited;
  }
}
