package dev.naru.broker.rpc;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.proto.admin.v1.Group;
import dev.naru.proto.admin.v1.ListGroupsRequest;
import dev.naru.proto.admin.v1.ListGroupsResponse;
import dev.naru.proto.admin.v1.Warning;
import dev.naru.proto.internal.v1.AskCoordinatorRequest;
import dev.naru.proto.internal.v1.CoordinatedGroups;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Lists the groups of all coordinators by name. Those of which nothing is heard are missing, and a
 * warning says so. For threads that may wait.
 */
final class GroupLists {

  /** A coordinator commits one batch for its answer; a node that takes longer is dead, or stuck. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(3);

  private final NodeId self;
  private final Supplier<ClusterSnapshot> cluster;
  private final GroupDesk here;
  private final GroupPeers peers;

  GroupLists(NodeId self, Supplier<ClusterSnapshot> cluster, GroupDesk here, GroupPeers peers) {
    this.self = self;
    this.cluster = cluster;
    this.here = here;
    this.peers = peers;
  }

  /**
   * A page.
   *
   * @throws StatusRuntimeException INVALID_REQUEST
   */
  ListGroupsResponse list(ListGroupsRequest request) {
    int limit = Paging.limit(request.getPageSize());
    var after = Paging.last(request.getPageToken(), token -> token);
    refuseUnknown(request.getStatesList());
    var page = new Page(after.orElse(""));
    var image = cluster.get().image();
    var leaders = leaders(image);
    var question =
        AskCoordinatorRequest.newBuilder()
            .setListGroups(request.toBuilder().setPageSize(limit))
            .build();
    var asked = new TreeMap<NodeId, CompletableFuture<PeerAnswer>>();
    leaders.values().stream()
        .flatMap(Optional::stream)
        .distinct()
        .filter(node -> !node.equals(self))
        .forEach(node ->
            image
                .node(node)
                .ifPresent(known ->
                    asked.put(node, PeerAnswer.of(node, peers.ask(known, question, limit())))));
    if (leaders.containsValue(Optional.of(self))) {
      page.add(here.answer(question).getGroups());
    }
    asked.forEach((node, answer) -> {
      switch (PeerAnswer.await(node, answer)) {
        case PeerAnswer.Told(var told) -> page.add(told.getGroups());
        case PeerAnswer.Refusal(var why) -> page.unheard(node, why, leaders);
      }
    });
    return page.close(limit, leaders);
  }

  private static void refuseUnknown(List<Group.State> states) {
    for (var state : states) {
      if (state == Group.State.STATE_UNSPECIFIED || state == Group.State.UNRECOGNIZED) {
        throw NamedTopics.invalid("states", "those of this release", state.name());
      }
    }
  }

  /** Who leads which partition of the groups' topic, by its number; none, if there is no topic. */
  private static SortedMap<Integer, Optional<NodeId>> leaders(ClusterImage image) {
    var leaders = new TreeMap<Integer, Optional<NodeId>>();
    image
        .topicNamed(InternalTopics.CONSUMER_OFFSETS)
        .ifPresent(topic -> {
          for (PartitionImage partition : topic.partitions()) {
            leaders.put(leaders.size(), partition.leader());
          }
        });
    return leaders;
  }

  private static Duration limit() {
    var left = Duration.ofMillis(Math.max(1, Deadlines.leftMillis()));
    return left.compareTo(ANSWER_MAX) < 0 ? left : ANSWER_MAX;
  }

  /** A page while it is put together. */
  private static final class Page {

    private final String after;
    private final TreeMap<String, Group> groups = new TreeMap<>();
    private final TreeMap<Integer, Refused> missing = new TreeMap<>();
    private final TreeSet<Integer> told = new TreeSet<>();

    /** Beyond the last name of a node that has more, only others have been heard. */
    private Optional<String> known = Optional.empty();

    Page(String after) {
      this.after = after;
    }

    void add(CoordinatedGroups answer) {
      answer.getGroupsList().forEach(group -> groups.put(nameOf(group), group));
      told.addAll(answer.getShardsList());
      answer
          .getSilentList()
          .forEach(silent ->
              missing.put(
                  silent.getShard(),
                  new Refused(ProtoIds.code(silent.getErrorValue()), silent.getErrorMessage())));
      if (answer.getHasMore() && answer.getGroupsCount() > 0) {
        var last = nameOf(answer.getGroups(answer.getGroupsCount() - 1));
        known = Optional.of(known.filter(name -> name.compareTo(last) < 0).orElse(last));
      }
    }

    private static String nameOf(Group group) {
      return GroupViews.groupOf(group.getName()).orElse("");
    }

    void unheard(
        NodeId node, StatusRuntimeException why, SortedMap<Integer, Optional<NodeId>> leaders) {
      var reason =
          new Refused(
              ErrorCode.COORDINATOR_NOT_AVAILABLE,
              String.valueOf(why.getStatus().getDescription()));
      leaders.forEach((shard, leader) -> {
        if (leader.equals(Optional.of(node))) {
          missing.put(shard, reason);
        }
      });
    }

    ListGroupsResponse close(int limit, SortedMap<Integer, Optional<NodeId>> leaders) {
      known.ifPresent(name -> groups.tailMap(name, false).clear());
      var response = ListGroupsResponse.newBuilder();
      groups.tailMap(after, false).values().stream().limit(limit).forEach(response::addGroups);
      boolean hasMore = known.isPresent() || groups.size() > response.getGroupsCount();
      if (hasMore && response.getGroupsCount() > 0) {
        response.setNextPageToken(
            Paging.token(nameOf(response.getGroups(response.getGroupsCount() - 1))));
      }
      return response.addAllWarnings(warnings(leaders)).build();
    }

    /** One for each reason's code: fifty partitions of one dead node are one thing to know. */
    private List<Warning> warnings(SortedMap<Integer, Optional<NodeId>> leaders) {
      var byCode = new TreeMap<ErrorCode, TreeMap<Integer, Refused>>();
      leaders.forEach((shard, leader) -> {
        if (!told.contains(shard)) {
          var why = missing.getOrDefault(shard, unled(leader));
          byCode.computeIfAbsent(why.code(), code -> new TreeMap<>()).put(shard, why);
        }
      });
      var warnings = new ArrayList<Warning>();
      byCode.forEach((code, shards) ->
          warnings.add(
              Warning.newBuilder()
                  .setCode(code.name())
                  .setMessage(
                      "Groups of %d of %d partitions of %s are missing, such as those of %d: %s"
                          .formatted(
                              shards.size(),
                              leaders.size(),
                              InternalTopics.CONSUMER_OFFSETS,
                              shards.firstKey(),
                              shards.firstEntry().getValue().reason()))
                  .build()));
      return warnings;
    }

    private static Refused unled(Optional<NodeId> leader) {
      return new Refused(
          ErrorCode.COORDINATOR_NOT_AVAILABLE,
          leader
              .map(node -> "Expected node %s to coordinate them, but it does not".formatted(node))
              .orElse("Expected a leader, but there is none now"));
    }
  }
}
