package dev.naru.broker.upkeep;

import dev.naru.broker.coordinator.ShardInput.ImagesAnswer;
import dev.naru.broker.coordinator.ShardInput.WatchAsked;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.partition.PartitionInput.TenantTold;
import dev.naru.broker.partition.PartitionView;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** The coordinators of this node, one a partition of {@code __consumer_offsets}. For any thread. */
public final class LedShards implements LagWatch.Shards {

  private final PartitionDirectory directory;
  private final Predicate<PartitionId> isOfGroups;

  /** Looks for those of these places that lead, and of whose partition this holds. */
  public LedShards(PartitionDirectory directory, Predicate<PartitionId> isOfGroups) {
    this.directory = directory;
    this.isOfGroups = isOfGroups;
  }

  @Override
  public Map<PartitionId, CompletableFuture<Optional<List<GroupImage>>>> ask() {
    var answers = new TreeMap<PartitionId, CompletableFuture<Optional<List<GroupImage>>>>();
    for (var seat : directory.seats()) {
      if (isOfGroups.test(seat.id())) {
        seat.view()
            .filter(PartitionView::isLeader)
            .ifPresent(view -> answers.put(seat.id(), ask(seat, view.leaderEpoch())));
      }
    }
    return answers;
  }

  /** Nobody answers if the role ends first. */
  private static CompletableFuture<Optional<List<GroupImage>>> ask(
      PartitionSeat seat, LeaderEpoch epoch) {
    var answer = new CompletableFuture<Optional<List<GroupImage>>>();
    seat.tell(
        new TenantTold(
            epoch,
            new WatchAsked(images ->
                answer.complete(
                    switch (images) {
                      case ImagesAnswer.Found(var groups) -> Optional.of(groups);
                      case ImagesAnswer.Unknown _ -> Optional.empty();
                    }))));
    return answer;
  }
}
