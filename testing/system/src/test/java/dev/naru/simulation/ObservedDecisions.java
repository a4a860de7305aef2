package dev.naru.simulation;

import dev.naru.metadata.image.ImageDelta;
import dev.naru.metadata.image.Losses;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.simulation.invariant.Invariant;
import dev.naru.simulation.invariant.Scene;
import dev.naru.types.PartitionId;
import java.util.List;

/** What the controller decides, and what that makes true. */
final class ObservedDecisions {

  private final SimCluster cluster;
  private final Scene scene;
  private final List<Invariant> invariants;

  ObservedDecisions(SimCluster cluster, Scene scene, List<Invariant> invariants) {
    this.cluster = cluster;
    this.scene = scene;
    this.invariants = invariants;
  }

  /** The entry of the metadata log at this index has taken effect. */
  void committed(long index) {
    var delta = ImageDelta.between(scene.image(), cluster.log().image(index));
    for (var partition : delta.partitions()) {
      noteLosses(delta, partition);
      countMove(delta, partition);
    }
    scene.decided(delta.after());
    countStorms(delta);
    var changed = List.copyOf(delta.partitions());
    invariants.forEach(
        each -> each.commanded(scene, delta.before(), cluster.log().newestCommand(), changed));
    var concerned =
        delta.nodes().isEmpty() ? delta.partitions() : delta.after().partitionIds().toList();
    for (var partition : concerned) {
      if (delta.partitions().contains(partition)) {
        cluster.world().trace().note(partition, 0, "decided", scene.entry(partition), index);
      }
      invariants.forEach(each -> each.decided(scene, partition));
    }
  }

  private void noteLosses(ImageDelta delta, PartitionId partition) {
    var known = delta.before().partition(partition).map(PartitionImage::losses).orElse(Losses.NONE);
    var entry = delta.after().partition(partition);
    if (entry.isEmpty() || entry.get().losses().equals(known)) {
      return;
    }
    var truth = scene.truth(partition);
    for (var loss : entry.get().losses().all()) {
      if (known.at(loss.leaderEpoch()).isEmpty()) {
        var choice = scene.lastSeen(partition, entry.get().leader().orElseThrow()).orElseThrow();
        truth.recovered(
            loss.leaderEpoch(),
            choice.view().log().start(),
            choice.marks().stream().filter(mark -> mark.next() <= loss.kept().end()).toList());
        cluster.tally().count("recovered, " + loss.cause());
        cluster.tally().count("committed batches lost", truth.lost().size());
      } else if (!loss.isNothing() // counted below
          && known.at(loss.leaderEpoch()).filter(loss::saysNoMoreThan).isEmpty()) {
        cluster.tally().count(loss.isExact() ? "losses made exact" : "losses extended");
      }
      truth.declared(loss);
    }
    var nothing = entry.get().losses().disprovedSince(known);
    cluster.tally().count("losses made exact", nothing.size());
  }

  private void countMove(ImageDelta delta, PartitionId partition) {
    var was = delta.before().partition(partition).flatMap(PartitionImage::move);
    var now = delta.after().partition(partition);
    if (was.isPresent() && now.filter(entry -> entry.move().isEmpty()).isPresent()) {
      boolean isThere = now.get().replicaNodes().equals(was.get().to());
      cluster.tally().count(isThere ? "moves done" : "moves undone");
    }
  }

  private void countStorms(ImageDelta delta) {
    for (var node : delta.nodes()) {
      boolean isNew = delta.before().node(node).filter(NodeImage::isSuspected).isEmpty();
      if (isNew && delta.after().node(node).filter(NodeImage::isSuspected).isPresent()) {
        cluster.tally().count("suspected");
      }
    }
  }
}
