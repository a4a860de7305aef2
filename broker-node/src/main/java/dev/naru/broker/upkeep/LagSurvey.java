package dev.naru.broker.upkeep;

import dev.naru.broker.group.LagAnswer;
import dev.naru.broker.group.LagPosition;
import dev.naru.broker.peer.LagService;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** Asks the leader of each position, this node or another, all at once. For any thread. */
final class LagSurvey {

  /** A disk that hangs holds nobody up for longer, nor does a node. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(3);

  private final NodeId self;
  private final Supplier<ClusterImage> image;
  private final Function<List<LagPosition>, CompletableFuture<List<LagAnswer>>> here;
  private final Elsewhere elsewhere;

  /** How other nodes are asked. */
  interface Elsewhere {
    /** One answer for each position, in their order. */
    CompletableFuture<List<LagAnswer>> ask(NodeImage node, List<LagPosition> positions);
  }

  LagSurvey(
      NodeId self,
      Supplier<ClusterImage> image,
      Function<List<LagPosition>, CompletableFuture<List<LagAnswer>>> here,
      Elsewhere elsewhere) {
    this.self = self;
    this.image = image;
    this.here = here;
    this.elsewhere = elsewhere;
  }

  /**
   * What leaders answer. Nothing is answered for a position of which nobody leads the partition, or
   * whose leader is not heard within three seconds. Never completes with a failure.
   */
  CompletableFuture<Map<LagPosition, LagAnswer>> ask(Collection<LagPosition> positions) {
    var now = image.get();
    var byLeader = new TreeMap<NodeId, List<LagPosition>>();
    for (var position : positions) {
      now.partition(position.partition())
          .flatMap(PartitionImage::leader)
          .ifPresent(
              leader -> byLeader.computeIfAbsent(leader, node -> new ArrayList<>()).add(position));
    }
    var answers = new ConcurrentHashMap<LagPosition, LagAnswer>();
    var asked = new ArrayList<CompletableFuture<?>>();
    byLeader.forEach((leader, all) -> {
      for (int from = 0; from < all.size(); from += LagService.POSITIONS_MAX) {
        var some = all.subList(from, Math.min(from + LagService.POSITIONS_MAX, all.size()));
        asked.add(ask(now, leader, some, answers));
      }
    });
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .handle((_, _) -> new LinkedHashMap<>(answers));
  }

  private CompletableFuture<?> ask(
      ClusterImage now,
      NodeId leader,
      List<LagPosition> positions,
      Map<LagPosition, LagAnswer> answers) {
    var answer =
        leader.equals(self)
            ? here.apply(positions)
            : now.node(leader)
                .map(node -> elsewhere.ask(node, positions))
                .orElseGet(() -> CompletableFuture.completedFuture(List.of()));
    return answer
        .orTimeout(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS)
        .thenAccept(all -> {
          for (int i = 0; i < all.size(); i++) {
            answers.put(positions.get(i), all.get(i));
          }
        });
  }
}
