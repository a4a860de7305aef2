package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.naru.broker.coordinator.GroupLags;
import dev.naru.proto.admin.v1.Group;
import dev.naru.proto.admin.v1.ListGroupsRequest;
import dev.naru.proto.admin.v1.Warning;
import dev.naru.proto.internal.v1.AskCoordinatorRequest;
import dev.naru.proto.internal.v1.AskCoordinatorResponse;
import dev.naru.proto.internal.v1.CoordinatedGroups;
import dev.naru.proto.internal.v1.SilentShard;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Node 1 of three is asked; it coordinates partition 0, the others 1 and 2. */
class GroupListsTest {

  private static final NodeId SELF = new NodeId(1);

  private final FakeCoordinator coordinator = new FakeCoordinator();
  private final FakePeers peers = new FakePeers();
  private ClusterSnapshot cluster = GroupClusters.led(3, 1, 2, 3);
  private final GroupLists lists =
      new GroupLists(
          SELF,
          () -> cluster,
          new GroupDesk(
              SELF,
              () -> cluster,
              coordinator.calls(),
              FakeCoordinator.MACHINE,
              new LeaderOffsets(SELF, peers, peers::answers),
              GroupLags.UNKNOWN),
          peers);

  @Test
  void mergesWhatAllCoordinatorsHaveByName() {
    coordinator.commit("b", 1).commit("e", 1);
    serve(2, 1, "a", "d");
    serve(3, 2, "c");

    var all = lists.list(ListGroupsRequest.getDefaultInstance());

    assertThat(names(all.getGroupsList())).containsExactly("a", "b", "c", "d", "e");
    assertThat(all.getNextPageToken()).isEmpty();
    assertThat(all.getWarningsList()).isEmpty();
  }

  /** Whatever the size of a page, each group is told once, and in order. */
  @Test
  void leavesNothingOutBetweenPages() {
    var expected = new TreeSet<String>();
    IntStream.range(0, 7).mapToObj(i -> "g" + 3 * i % 10).forEach(expected::add);
    expected.forEach(name -> coordinator.commit(name, 1));
    var second = IntStream.range(0, 25).mapToObj(i -> "g%02d".formatted(i)).toList();
    serve(2, 1, second.toArray(String[]::new));
    serve(3, 2, "a", "z");
    expected.addAll(second);
    expected.addAll(List.of("a", "z"));

    for (int size = 1; size <= expected.size() + 1; size++) {
      var told = new ArrayList<String>();
      var token = "";
      do {
        var page =
            lists.list(
                ListGroupsRequest.newBuilder().setPageSize(size).setPageToken(token).build());
        assertThat(page.getGroupsCount()).isBetween(1, size);
        told.addAll(names(page.getGroupsList()));
        token = page.getNextPageToken();
      } while (!token.isEmpty());
      assertThat(told).as("pages of %d", size).containsExactlyElementsOf(expected);
    }
  }

  @Test
  void warnsOfCoordinatorsThatSayNothing() {
    coordinator.commit("b", 1);
    peers.coordinators.put(
        2,
        question ->
            AskCoordinatorResponse.newBuilder()
                .setGroups(
                    CoordinatedGroups.newBuilder()
                        .addSilent(
                            SilentShard.newBuilder()
                                .setShard(1)
                                .setError(ProtoIds.code(ErrorCode.COORDINATOR_LOADING))
                                .setErrorMessage("Expected it to be loaded")))
                .build());

    var all = lists.list(ListGroupsRequest.getDefaultInstance());

    assertThat(names(all.getGroupsList())).containsExactly("b");
    assertThat(all.getWarningsList())
        .extracting(Warning::getCode)
        .containsExactly("COORDINATOR_NOT_AVAILABLE", "COORDINATOR_LOADING");
    assertThat(all.getWarnings(0).getMessage())
        .contains("Groups of 1 of 3 partitions", "such as those of 2", "node 3", "io exception");
  }

  @Test
  void warnsOfPartitionsThatNobodyLeadsOrOwnsUpTo() {
    cluster = GroupClusters.led(3, 1, 1, 2);
    serve(2, 7);

    var all = lists.list(ListGroupsRequest.getDefaultInstance());

    assertThat(all.getWarningsList()).hasSize(1);
    assertThat(all.getWarnings(0).getMessage())
        .contains("2 of 3 partitions", "node 1 to coordinate them");
  }

  @Test
  void knowsThatThereAreNoneBeforeAnybodyCame() {
    cluster = GroupClusters.withoutGroups(3);

    var none = lists.list(ListGroupsRequest.getDefaultInstance());

    assertThat(none.getGroupsCount() + none.getWarningsCount()).isZero();
    assertThat(peers.asked).isEmpty();
    assertThat(coordinator.questions()).isZero();
  }

  @Test
  void refusesPagesAndStatesThatCannotBe() {
    var unknown = ListGroupsRequest.newBuilder().addStatesValue(17).build();
    var negative = ListGroupsRequest.newBuilder().setPageSize(-1).build();

    assertThat(Status.fromThrowable(catchThrowable(() -> lists.list(unknown))).getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(Status.fromThrowable(catchThrowable(() -> lists.list(negative))).getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  /** This node leads that partition, where these groups belong. */
  private void serve(int node, int shard, String... groups) {
    peers.coordinators.put(
        node,
        question ->
            AskCoordinatorResponse.newBuilder().setGroups(page(question, shard, groups)).build());
  }

  private static CoordinatedGroups page(
      AskCoordinatorRequest question, int shard, String... groups) {
    var page =
        Paging.of(
            List.of(groups),
            question.getListGroups().getPageSize(),
            question.getListGroups().getPageToken(),
            name -> name,
            token -> token);
    var answer =
        CoordinatedGroups.newBuilder().addShards(shard).setHasMore(!page.nextToken().isEmpty());
    page.items().forEach(name -> answer.addGroups(Group.newBuilder().setName("groups/" + name)));
    return answer.build();
  }

  private static List<String> names(List<Group> groups) {
    return groups.stream().map(group -> group.getName().substring("groups/".length())).toList();
  }
}
