package dev.naru.broker.rpc;

import dev.naru.broker.coordinator.GroupLags;
import dev.naru.broker.group.GroupMachine;
import dev.naru.broker.loop.ReadPool;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.log.Applied;
import dev.naru.proto.v1.OffsetAnswer;
import dev.naru.proto.v1.OffsetQuery;
import dev.naru.types.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What a node needs to let operators look at groups and change them: as the node that is called,
 * and as one that coordinates.
 *
 * @param service for clients
 * @param desk for other nodes that hand a question on
 * @param offsets for other nodes that look for offsets in partitions led here
 */
public record GroupAdmin(
    GroupAdminService service,
    GroupDesk desk,
    Function<List<OffsetQuery>, CompletableFuture<List<OffsetAnswer>>> offsets) {

  /** Offsets that are looked for with one question. */
  public static final int QUERIES_MAX = 10_000;

  /** Between two questions to a coordinator that is on its way from one node to another. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  /**
   * Puts it together.
   *
   * @param partitions of the topic that groups are kept in, if this node makes it
   */
  public static GroupAdmin create(
      NodeId self,
      Supplier<ClusterSnapshot> cluster,
      ServingNode node,
      MetadataChanges changes,
      int partitions,
      RandomGenerator dice,
      ReadPool reads,
      ReadFaults faults,
      GroupMachine machine,
      GroupLags lags,
      GroupPeers peers) {
    var lookup = new OffsetLookup(node, reads, faults);
    Function<List<OffsetQuery>, CompletableFuture<List<OffsetAnswer>>> here =
        queries -> all(queries.stream().map(lookup::answer).toList());
    var shards = ShardCalls.on(new CoordinatorSeats(self, cluster, node));
    var desk =
        new GroupDesk(self, cluster, shards, machine, new LeaderOffsets(self, peers, here), lags);
    Function<CreateTopic, Applied> make = changes::make;
    var finder = new CoordinatorFinder(cluster, make, partitions, dice);
    var directory =
        new GroupDirectory(
            self, cluster, finder::find, desk, peers, () -> LockSupport.parkNanos(PAUSE.toNanos()));
    return new GroupAdmin(
        new GroupAdminService(new GroupLists(self, cluster, desk, peers), directory), desk, here);
  }

  /** In the order of the queries; fails with the first of them that does. */
  private static CompletableFuture<List<OffsetAnswer>> all(
      List<CompletableFuture<OffsetAnswer>> answers) {
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
  }
}
