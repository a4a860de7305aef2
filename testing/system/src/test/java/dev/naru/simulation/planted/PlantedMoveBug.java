package dev.naru.simulation.planted;

import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.Move;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.Replica;
import dev.naru.metadata.machine.Transition;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** What can be got wrong about partitions that move. */
public enum PlantedMoveBug implements Planted {
  /** A move ends as soon as one of those who are to stay is in sync. */
  ENDS_WITH_ONE_IN_SYNC(23, "MoveEnd NoCommittedLoss LeaderCompleteness") {
    @Override
    PartitionImage changed(ClusterImage before, PartitionId id, PartitionImage entry) {
      return entry
          .move()
          .filter(move -> !move.isReverting())
          .map(move -> ended(entry, move.to()))
          .orElse(entry);
    }
  },

  /** A move that is cancelled is back at once, whoever has acknowledged what. */
  GOES_BACK_AT_ONCE(123, "MoveEnd NoCommittedLoss LeaderCompleteness") {
    @Override
    PartitionImage changed(ClusterImage before, PartitionId id, PartitionImage entry) {
      return entry
          .move()
          .filter(Move::isReverting)
          .map(move -> ended(entry, move.from()))
          .orElse(entry);
    }
  },

  /** A replica counts as in sync from when it is added. */
  TAKES_ADDED_ONES_FOR_IN_SYNC(
      1, "Fencing CandidateCompleteness QuorumSuperset LeaderCompleteness MoveEnd Expansion") {
    @Override
    PartitionImage changed(ClusterImage before, PartitionId id, PartitionImage entry) {
      boolean isNew =
          before.partition(id).flatMap(PartitionImage::move).isEmpty()
              && entry.move().isPresent()
              && entry.hasLeader();
      return isNew
          ? with(
              entry,
              entry.replicas(),
              entry.isr().plusAll(entry.move().orElseThrow().to()),
              entry.leader(),
              entry.move())
          : entry;
    }
  },

  /** With the end of a move a replica leads that was to have one, be it in sync or not. */
  LETS_THE_FIRST_OF_THE_TARGET_LEAD(
      2,
      "Fencing CandidateCompleteness QuorumSuperset LeaderCompleteness MoveEnd NoCommittedLoss") {
    @Override
    PartitionImage changed(ClusterImage before, PartitionId id, PartitionImage entry) {
      var moving =
          entry.move().filter(move -> !move.isReverting() && !entry.isr().contains(first(move)));
      if (moving.isEmpty() || before.partition(id).flatMap(PartitionImage::move).isPresent()) {
        return entry;
      }
      var to = moving.get().to();
      return with(
          entry,
          entry.replicas().stream().filter(replica -> to.contains(replica.node())).toList(),
          TreePSet.singleton(first(moving.get())),
          Optional.of(first(moving.get())),
          Optional.empty());
    }

    private NodeId first(Move move) {
      return move.to().getFirst();
    }
  };

  private final long pinnedSeed;
  private final String convictedBy;

  PlantedMoveBug(long pinnedSeed, String convictedBy) {
    this.pinnedSeed = pinnedSeed;
    this.convictedBy = convictedBy;
  }

  /** What the entry becomes in place of this. */
  abstract PartitionImage changed(ClusterImage before, PartitionId id, PartitionImage entry);

  @Override
  public Transition decides(ClusterImage image, long index, CommandEnvelope envelope) {
    var decided = Planted.super.decides(image, index, envelope);
    var after = decided.image();
    for (var id : after.partitionIds().toList()) {
      var entry = after.partition(id).orElseThrow();
      after = after.withPartition(id, changed(image, id, entry));
    }
    return new Transition(after, decided.outcome(), decided.events());
  }

  /** The end of a move for those of its goal that are in sync; as it is, if none is. */
  static PartitionImage ended(PartitionImage entry, List<NodeId> goal) {
    var staying = TreePSet.from(entry.isr().stream().filter(goal::contains).toList());
    if (staying.isEmpty()) {
      return entry;
    }
    var leader = entry.leader().filter(staying::contains).or(() -> Optional.of(staying.first()));
    return with(
        entry,
        goal.stream().flatMap(node -> entry.replicaOn(node).stream()).toList(),
        staying,
        leader,
        Optional.empty());
  }

  static PartitionImage with(
      PartitionImage entry,
      List<Replica> replicas,
      TreePSet<NodeId> isr,
      Optional<NodeId> leader,
      Optional<Move> move) {
    return new PartitionImage(
        replicas,
        isr,
        TreePMap.empty(),
        TreePSet.empty(),
        leader,
        leader.equals(entry.leader()) ? entry.leaderEpoch() : entry.leaderEpoch().next(),
        entry.partitionEpoch(),
        entry.losses(),
        move);
  }

  @Override
  public World world() {
    return World.MOVING;
  }

  @Override
  public long pinnedSeed() {
    return pinnedSeed;
  }

  @Override
  public List<String> convictedBy() {
    return List.of(convictedBy.split(" "));
  }
}
