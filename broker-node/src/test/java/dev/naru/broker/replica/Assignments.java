package dev.naru.broker.replica;

import dev.naru.broker.replica.PartitionAssignment.AssignedReplica;
import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.MessageTimestamp;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.RecoveryMode;
import dev.naru.metadata.image.Replica;
import dev.naru.metadata.image.TimestampBounds;
import dev.naru.metadata.image.TopicSettings;
import dev.naru.types.CleanupPolicy;
import dev.naru.types.CompactionLimits;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Assignments of one partition on nodes 1, 2 and 3, registered under epochs 10, 20 and 30. Each
 * change makes another assignment of a later image, with the next partition epoch where the entry
 * changes.
 */
public record Assignments(
    long index,
    int leader,
    int leaderEpoch,
    int partitionEpoch,
    List<Integer> isr,
    List<Integer> ineligible,
    List<Integer> nodeEpochs,
    int assignedAtOf3,
    int minInsync,
    Flush flush) {

  public static final PartitionId PARTITION = new PartitionId(TopicId.of(1, 2), 3);

  /** Node 1 leads epoch 5, all three are in sync, two must be, and only what is on disk counts. */
  public static Assignments led() {
    return new Assignments(
        100, 1, 5, 40, List.of(1, 2, 3), List.of(), List.of(10, 20, 30), 0, 2, Flush.QUORUM);
  }

  public static NodeId node(int id) {
    return new NodeId(id);
  }

  public static LocalNode local(int id) {
    return new LocalNode(node(id), new NodeEpoch(10L * id));
  }

  public Assignments withIsr(Integer... changed) {
    return with(leader, leaderEpoch, partitionEpoch + 1, List.of(changed), ineligible);
  }

  public Assignments withIneligible(Integer... changed) {
    return with(leader, leaderEpoch, partitionEpoch, isr, List.of(changed));
  }

  /** Another leader, or none for 0, in the next leader epoch. */
  public Assignments withLeader(int changed) {
    return with(changed, leaderEpoch + 1, partitionEpoch + 1, isr, ineligible);
  }

  public Assignments withNodeEpochOf3(int epoch) {
    return withNodeEpochs(10, 20, epoch);
  }

  public Assignments withNodeEpochs(Integer... changed) {
    return new Assignments(
        index + 1,
        leader,
        leaderEpoch,
        partitionEpoch,
        isr,
        ineligible,
        List.of(changed),
        assignedAtOf3,
        minInsync,
        flush);
  }

  public Assignments withNode3AssignedAnew() {
    return new Assignments(
        index + 1,
        leader,
        leaderEpoch,
        partitionEpoch + 2,
        isr,
        ineligible,
        nodeEpochs,
        partitionEpoch + 2,
        minInsync,
        flush);
  }

  public Assignments withMinInsync(int changed) {
    return new Assignments(
        index + 1,
        leader,
        leaderEpoch,
        partitionEpoch,
        isr,
        ineligible,
        nodeEpochs,
        assignedAtOf3,
        changed,
        flush);
  }

  public Assignments withFlush(Flush changed) {
    return new Assignments(
        index + 1,
        leader,
        leaderEpoch,
        partitionEpoch,
        isr,
        ineligible,
        nodeEpochs,
        assignedAtOf3,
        minInsync,
        changed);
  }

  private Assignments with(
      int toLeader, int toEpoch, int toPartitionEpoch, List<Integer> toIsr, List<Integer> not) {
    return new Assignments(
        index + 1,
        toLeader,
        toEpoch,
        toPartitionEpoch,
        toIsr,
        not,
        nodeEpochs,
        assignedAtOf3,
        minInsync,
        flush);
  }

  /** The assignment described. */
  public PartitionAssignment build() {
    var replicas = new ArrayList<AssignedReplica>();
    for (int id = 1; id <= 3; id++) {
      replicas.add(
          new AssignedReplica(
              node(id),
              new NodeEpoch(nodeEpochs.get(id - 1)),
              new PartitionEpoch(id == 3 ? assignedAtOf3 : 0),
              !ineligible.contains(id)));
    }
    var entry =
        new PartitionImage(
            replicas.stream().map(one -> new Replica(one.node(), one.assignedAt())).toList(),
            nodes(isr),
            TreePMap.empty(),
            TreePSet.empty(),
            leader == 0 ? Optional.empty() : Optional.of(node(leader)),
            new LeaderEpoch(leaderEpoch),
            new PartitionEpoch(partitionEpoch));
    return new PartitionAssignment(PARTITION, index, entry, settings(), replicas);
  }

  public static TreePSet<NodeId> nodes(List<Integer> ids) {
    return TreePSet.from(
        ids.stream().map(Assignments::node).collect(TreeSet::new, TreeSet::add, TreeSet::addAll));
  }

  private TopicSettings settings() {
    return new TopicSettings(
        -1,
        -1,
        1 << 20,
        Long.MAX_VALUE,
        1 << 20,
        MessageTimestamp.CREATE_TIME,
        TimestampBounds.NONE,
        CleanupPolicy.DELETE,
        CompactionLimits.DEFAULTS,
        minInsync,
        flush,
        RecoveryMode.STRICT,
        300_000);
  }
}
