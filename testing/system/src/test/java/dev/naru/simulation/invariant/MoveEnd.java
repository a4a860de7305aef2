package dev.naru.simulation.invariant;

import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;

/**
 * When a move ends, as many replicas hold all that is committed as had to acknowledge it, or all
 * that did before; judged by the logs, not by what the controller believes of them.
 */
public final class MoveEnd implements Invariant {

  @Override
  public void commanded(
      Scene scene, ClusterImage before, CommandEnvelope envelope, List<PartitionId> changed) {
    for (var id : changed) {
      var old = before.partition(id);
      var now = scene.entry(id);
      boolean hasEnded =
          old.flatMap(PartitionImage::move).isPresent()
              && now.filter(entry -> entry.move().isEmpty()).isPresent();
      if (hasEnded) {
        check(scene, id, old.orElseThrow(), now.orElseThrow());
      }
    }
  }

  private void check(Scene scene, PartitionId id, PartitionImage old, PartitionImage now) {
    var move = old.move().orElseThrow();
    if (!now.replicaNodes().equals(move.from()) && !now.replicaNodes().equals(move.to())) {
      throw violated(id, "moved by %s, but is on %s", move, now.replicaNodes());
    }
    var holders = holders(scene, id, old, now);
    var gone = holders.stream().filter(node -> now.replicaOn(node).isEmpty()).toList();
    var staying = holders.stream().filter(node -> now.replicaOn(node).isPresent()).toList();
    int minInsync = scene.image().topic(id.topic()).orElseThrow().settings().minInsync();
    if (!gone.isEmpty() && staying.size() < Math.min(minInsync, holders.size())) {
      throw violated(
          id,
          "what is committed is on %s, of which the end of %s leaves %s, with %d to acknowledge",
          holders,
          move,
          staying,
          minInsync);
    }
    boolean isBack = now.replicaNodes().equals(move.from());
    if (now.leader().isEmpty()
        && !(isBack && old.elr().keySet().stream().allMatch(move.from()::contains))) {
      throw violated(id, "%s ended while nobody leads", move);
    }
  }

  /** Those who may lead, before or after, and hold every batch that is committed. */
  private static List<NodeId> holders(
      Scene scene, PartitionId id, PartitionImage old, PartitionImage now) {
    long committed =
        scene.truth(id).committed().isEmpty() ? 0 : scene.truth(id).committed().getLast().next();
    var holders = new ArrayList<NodeId>();
    for (var node : old.replicaNodes()) {
      boolean holdsAll =
          committed == 0 // for which it need not even have made its log
              || scene
                  .lastSeen(id, node)
                  .filter(replica -> replica.countedEnd(scene.flush(id)) >= committed)
                  .isPresent();
      if (holdsAll && (old.isComplete(node) || now.isComplete(node))) {
        holders.add(node);
      }
    }
    return holders;
  }
}
