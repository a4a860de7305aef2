package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.AlterPartitions;
import dev.naru.metadata.command.GiveUpCause;
import dev.naru.metadata.command.GiveUpReplicas;
import dev.naru.metadata.command.LogReport;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.DirectoryTrust;
import dev.naru.metadata.image.ElrPlace.Awaited;
import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A ghost of the records: how many are committed in each partition, and how many each replica
 * holds. While the ISR has the minimum, one more is committed after each command and all in sync
 * hold it; who is let into an ISR has caught up; a replica that loses something loses its last
 * record. The claim (I5): whoever is in an ISR, or may be elected from an ELR, holds everything
 * that is committed.
 */
final class CommittedRecords {

  private final TreeMap<PartitionId, Integer> committed = new TreeMap<>();
  private final TreeMap<PartitionId, Map<NodeId, Integer>> held = new TreeMap<>();

  /** Follows one accepted command. */
  void follow(ClusterImage before, MetadataCommand command, ClusterImage after) {
    switch (command) {
      case RegisterNode register
          when register.lastStop() == LastStop.UNCLEAN
              && !before.node(register.node()).equals(after.node(register.node())) ->
          loseWhatWasInMemory(after, register.node());
      case ReportLogs report
          when before.node(report.node()).filter(NodeImage::logsReported).isEmpty() ->
          loseWhatIsNotReportedWhole(before, report);
      case GiveUpReplicas giveUp when giveUp.cause() == GiveUpCause.DAMAGED ->
          giveUp.partitions().forEach(id -> lose(id, giveUp.node()));
      case AlterPartition alter ->
          alter.isr().forEach(member -> hold(alter.partition(), member.node()));
      case AlterPartitions many ->
          many.proposals().stream()
              .filter(each ->
                  !before.partition(each.partition()).equals(after.partition(each.partition())))
              .forEach(each -> each.isr().forEach(member -> hold(each.partition(), member.node())));
      case RecoverPartitions many ->
          many.recoveries().stream()
              .filter(each ->
                  after
                      .partition(each.partition())
                      .filter(PartitionImage::hasLeader)
                      .filter(now -> !before.partition(each.partition()).equals(Optional.of(now)))
                      .isPresent())
              .forEach(each -> giveUp(each.partition(), each.choice()));
      default -> {}
    }
    after.partitionIds().forEach(id -> checkAndCommit(after, id));
  }

  private void loseWhatWasInMemory(ClusterImage image, NodeId node) {
    image
        .partitionsOn(node)
        .filter(id -> topic(image, id).settings().flush() == Flush.OS)
        .forEach(id -> lose(id, node));
  }

  private void loseWhatIsNotReportedWhole(ClusterImage image, ReportLogs report) {
    image
        .partitionsOn(report.node())
        .filter(id -> partition(image, id).elr().get(report.node()) instanceof Awaited)
        .forEach(id -> {
          var log = report.logs().stream().filter(l -> l.partition().equals(id)).findFirst();
          boolean whole = log.map(l -> isWhole(image, report.node(), l)).orElse(!report.last());
          if (!whole) {
            lose(id, report.node());
          }
        });
  }

  private static boolean isWhole(ClusterImage image, NodeId node, LogReport log) {
    var trust =
        Optional.ofNullable(image.node(node).orElseThrow().directories().get(log.directory()));
    return !log.damaged()
        && log.log().end() >= log.durablePoint()
        && trust.equals(Optional.of(DirectoryTrust.TRUSTED));
  }

  private void checkAndCommit(ClusterImage image, PartitionId id) {
    var partition = partition(image, id);
    partition.isr().forEach(node -> assertHoldsAll(id, node, partition));
    partition
        .elr()
        .forEach((node, place) -> {
          if (!(place instanceof Awaited)) {
            assertHoldsAll(id, node, partition);
          }
        });
    if (partition.isr().size() >= topic(image, id).settings().minInsync()) {
      committed.merge(id, 1, Integer::sum);
      partition.isr().forEach(node -> hold(id, node));
    }
  }

  private void assertHoldsAll(PartitionId id, NodeId node, PartitionImage partition) {
    assertThat(holders(id).getOrDefault(node, 0))
        .as("records that node %s holds of %s: %s", node, id, partition)
        .isEqualTo(committed.getOrDefault(id, 0));
  }

  private void hold(PartitionId id, NodeId node) {
    holders(id).put(node, committed.getOrDefault(id, 0));
  }

  /** What this one holds is all there is from now on: others will cut what they have more. */
  private void giveUp(PartitionId id, NodeId choice) {
    int kept = holders(id).getOrDefault(choice, 0);
    committed.put(id, kept);
    holders(id).replaceAll((_, records) -> Math.min(records, kept));
  }

  private void lose(PartitionId id, NodeId node) {
    holders(id).merge(node, -1, Integer::sum);
  }

  private Map<NodeId, Integer> holders(PartitionId id) {
    return held.computeIfAbsent(id, fresh -> new TreeMap<>());
  }

  private static PartitionImage partition(ClusterImage image, PartitionId id) {
    return image.partition(id).orElseThrow();
  }

  private static TopicImage topic(ClusterImage image, PartitionId id) {
    return image.topic(id.topic()).orElseThrow();
  }
}
