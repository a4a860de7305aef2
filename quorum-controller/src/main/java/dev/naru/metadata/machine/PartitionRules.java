package dev.naru.metadata.machine;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.AlterPartitions;
import dev.naru.metadata.command.ElectLeaders;
import dev.naru.metadata.command.ElectionKind;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.event.MetadataEvent;
import dev.naru.metadata.event.MetadataEvent.PartitionChanged;
import dev.naru.metadata.event.PartitionCause;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.pcollections.TreePSet;

/** Rules about leaders and in-sync replicas of single partitions. */
final class PartitionRules {

  private PartitionRules() {}

  /** A leader proposes an ISR; the controller decides. */
  static Decision alter(ClusterImage image, AlterPartition command) {
    return check(image, command)
        .<Decision>map(Decision.Refusal::new)
        .orElseGet(() -> new Decision.Accepted(altered(image, List.of(command))));
  }

  /**
   * Each for itself, on the same image: they are about different partitions. But a leader that they
   * show to be at fault is heard in none.
   */
  static Decision alter(ClusterImage image, AlterPartitions command) {
    if (command.proposals().size() > AlterPartitions.PROPOSALS_MAX) {
      return Decision.refused(
          ErrorCode.LIMIT_EXCEEDED,
          "Expected at most %s proposals, but were %s"
              .formatted(AlterPartitions.PROPOSALS_MAX, command.proposals().size()));
    }
    var sound = new ArrayList<AlterPartition>();
    var seen = new TreeSet<PartitionId>();
    for (var proposal : command.proposals()) {
      if (seen.add(proposal.partition()) && check(image, proposal).isEmpty()) {
        sound.add(proposal);
      }
    }
    return new Decision.Accepted(altered(image, sound));
  }

  private static Optional<Refused> check(ClusterImage image, AlterPartition command) {
    var id = command.partition();
    var topic = image.topic(id.topic());
    if (topic.isEmpty()) {
      return refused(
          ErrorCode.TOPIC_NOT_FOUND,
          "Expected an existing topic, but there is none with id " + id.topic());
    }
    var partition = topic.get().partition(id.partition());
    if (partition.isEmpty()) {
      return refused(
          ErrorCode.PARTITION_NOT_FOUND,
          "Expected a partition of 0 to %s, but was %s"
              .formatted(topic.get().partitions().size() - 1, id.partition()));
    }
    return checkLeader(image, command, partition.get())
        .or(() -> checkIsr(image, command, partition.get()));
  }

  /** Leaders where there can be better ones, or any. */
  static Decision elect(ClusterImage image, ElectLeaders command) {
    if (command.partitions().size() > MetadataCommand.ENTRIES_MAX) {
      return Decision.refused(
          ErrorCode.LIMIT_EXCEEDED,
          "Expected at most %s partitions, but were %s"
              .formatted(MetadataCommand.ENTRIES_MAX, command.partitions().size()));
    }
    var cause =
        switch (command.kind()) {
          case PREFERRED -> PartitionCause.PREFERRED_LEADER;
          case WAIT_IS_OVER -> PartitionCause.ELECTION_WAIT_OVER;
        };
    var ids = TreePSet.from(command.partitions());
    var events = new ArrayList<MetadataEvent>();
    if (command.kind() == ElectionKind.PREFERRED) {
      events.addAll(SuspicionRules.trusted(image, preferred(image, ids), ids));
    }
    var evolved = SuspicionRules.evolved(image, events);
    for (var id : ids) {
      elected(evolved, id, command.kind())
          .ifPresent(entry -> events.add(new PartitionChanged(id, entry, cause)));
    }
    return new Decision.Accepted(events);
  }

  /** Whoever asks for the preferred leaders trusts those of them that are in sync. */
  private static Set<NodeId> preferred(ClusterImage image, Set<PartitionId> ids) {
    return ids.stream()
        .flatMap(id -> image.partition(id).stream())
        .filter(entry -> entry.isr().contains(entry.replicaNodes().getFirst()))
        .map(entry -> entry.replicaNodes().getFirst())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Optional<PartitionImage> elected(
      ClusterImage image, PartitionId id, ElectionKind kind) {
    var before = image.partition(id);
    return before
        .map(entry ->
            PartitionDraft.of(entry).settled(image, minInsync(image, id), Optional.of(kind)))
        .filter(after -> !before.equals(Optional.of(after)));
  }

  private static int minInsync(ClusterImage image, PartitionId id) {
    return image.topic(id.topic()).map(topic -> topic.settings().minInsync()).orElse(1);
  }

  private static Optional<Refused> checkLeader(
      ClusterImage image, AlterPartition command, PartitionImage partition) {
    var unregistered = Registered.check(image, command.leader().node(), command.leader().epoch());
    if (unregistered.isPresent()) {
      return unregistered;
    }
    if (!command.leaderEpoch().equals(partition.leaderEpoch())) {
      boolean older = command.leaderEpoch().isBefore(partition.leaderEpoch());
      return refused(
          older ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH,
          "Expected leader epoch %s of %s, but was %s"
              .formatted(partition.leaderEpoch(), command.partition(), command.leaderEpoch()));
    }
    if (!partition.isLedBy(command.leader().node())) {
      return refused(
          ErrorCode.NOT_LEADER,
          "Expected the leader of %s, which is %s, but was node %s"
              .formatted(
                  command.partition(),
                  partition.leader().map(node -> "node " + node).orElse("nobody"),
                  command.leader().node()));
    }
    return command.partitionEpoch().equals(partition.partitionEpoch())
        ? Optional.empty()
        : refused(
            ErrorCode.PARTITION_EPOCH_MISMATCH,
            "Expected partition epoch %s of %s, but was %s"
                .formatted(
                    partition.partitionEpoch(), command.partition(), command.partitionEpoch()));
  }

  private static Optional<Refused> checkIsr(
      ClusterImage image, AlterPartition command, PartitionImage partition) {
    var proposed = nodes(command);
    if (proposed.isEmpty() || proposed.size() != command.isr().size()) {
      return refused(
          ErrorCode.INVALID_REQUEST,
          "Expected an ISR of at least one node, each named once, but %s of %s names differ"
              .formatted(proposed.size(), command.isr().size()));
    }
    if (proposed.equals(partition.isr())) {
      return refused(
          ErrorCode.INVALID_REQUEST,
          "Expected a changed ISR of %s, but it is %s already"
              .formatted(command.partition(), proposed));
    }
    return command.isr().stream()
        .flatMap(member -> checkMember(image, command, partition, member).stream())
        .findFirst();
  }

  private static Optional<Refused> checkMember(
      ClusterImage image, AlterPartition command, PartitionImage partition, IsrMember member) {
    if (partition.replicaOn(member.node()).isEmpty()) {
      return refused(
          ErrorCode.INELIGIBLE_REPLICA,
          "Expected a replica of %s, one of %s, but was node %s"
              .formatted(command.partition(), partition.replicaNodes(), member.node()));
    }
    var node = image.node(member.node());
    if (node.filter(n -> n.epoch().equals(member.epoch())).isEmpty()) {
      return refused(
          ErrorCode.INELIGIBLE_REPLICA,
          "Expected node %s under its registered epoch %s, but was %s"
              .formatted(
                  member.node(),
                  node.map(n -> n.epoch().toString()).orElse("none"),
                  member.epoch()));
    }
    // A member that is stopping and has not left is the last one: it may let another one in.
    boolean mayStay = partition.isr().contains(member.node());
    return mayStay || node.get().isEligible()
        ? Optional.empty()
        : refused(
            ErrorCode.INELIGIBLE_REPLICA,
            "Expected a node that is neither fenced nor stopping, but node %s is %s"
                .formatted(member.node(), node.get().state()));
  }

  private static List<MetadataEvent> altered(ClusterImage image, List<AlterPartition> sound) {
    var atFault = SuspicionRules.atFault(image, sound);
    var events = new ArrayList<>(SuspicionRules.suspected(image, atFault));
    var heard =
        sound.stream().filter(proposal -> !atFault.contains(proposal.leader().node())).toList();
    events.addAll(
        SuspicionRules.trusted(
            SuspicionRules.evolved(image, events),
            seenToWork(image, heard),
            heard.stream()
                .map(AlterPartition::partition)
                .collect(Collectors.toCollection(TreeSet::new))));
    var evolved = SuspicionRules.evolved(image, events);
    for (var proposal : heard) {
      var id = proposal.partition();
      var topic = evolved.topic(id.topic()).orElseThrow();
      var draft = PartitionDraft.of(evolved.partition(id).orElseThrow()).withIsr(nodes(proposal));
      events.addAll(
          PartitionSweep.settled(evolved, topic, id, draft, PartitionCause.LEADER_PROPOSED));
    }
    return events;
  }

  /** Whoever joins has kept up over its links, and the leader that it joins over its own. */
  private static Set<NodeId> seenToWork(ClusterImage image, List<AlterPartition> heard) {
    var nodes = new TreeSet<NodeId>();
    for (var proposal : heard) {
      var joining =
          nodes(proposal).minusAll(image.partition(proposal.partition()).orElseThrow().isr());
      if (!joining.isEmpty()) {
        nodes.addAll(joining);
        nodes.add(proposal.leader().node());
      }
    }
    return nodes;
  }

  private static TreePSet<NodeId> nodes(AlterPartition command) {
    return TreePSet.from(command.isr().stream().map(IsrMember::node).toList());
  }

  private static Optional<Refused> refused(ErrorCode code, String reason) {
    return Optional.of(new Refused(code, reason));
  }
}
