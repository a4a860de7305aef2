package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.proto.v1.Acks;
import dev.naru.proto.v1.CommitOffsetsRequest;
import dev.naru.proto.v1.CommitOffsetsResponse;
import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.FetchOffsetsRequest;
import dev.naru.proto.v1.FetchOffsetsResponse;
import dev.naru.proto.v1.FindCoordinatorRequest;
import dev.naru.proto.v1.FindCoordinatorResponse;
import dev.naru.proto.v1.GroupServiceGrpc;
import dev.naru.proto.v1.OffsetToCommit;
import dev.naru.proto.v1.Uuid;
import dev.naru.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups on nodes that run, by members that speak the protocol themselves. */
class GroupsTest {

  private static final String OFFSETS_TOPIC = "__consumer_offsets";
  private static final String GROUP = "app";
  private static final int SESSION = 6_000;

  private static final Eventually SOON =
      Eventually.allowing("a round of the group", Duration.ofSeconds(2))
          .and("group commits of a busy machine", Duration.ofSeconds(3));

  private static final Eventually AFTER_A_SESSION =
      Eventually.allowing("the session of a member", Duration.ofMillis(SESSION))
          .and("what its coordinator gives on top", Duration.ofSeconds(6))
          .and("a round of the group", Duration.ofSeconds(3));

  private NaruCluster cluster;
  private Topics topics;
  private Uuid orders;

  @BeforeEach
  void start() {
    cluster = NaruCluster.of(3).with("offsets.topic.num.partitions", "3").start();
    topics = new Topics(cluster);
    orders = topics.create("orders", 4, 3);
  }

  @AfterEach
  void stop() {
    topics.close();
    cluster.close();
  }

  @Test
  void makesItsTopicOnFirstUseWithACopyOnEachNode() {
    var found = coordinator();

    assertThat(found).isBetween(1, 3);
    assertThat(topics.topic(OFFSETS_TOPIC).getPartitionsList())
        .hasSize(3)
        .allSatisfy(partition -> assertThat(partition.getReplicasCount()).isEqualTo(3));
  }

  @Test
  void letsNoClientWriteItsTopic() throws Exception {
    int coordinator = coordinator();
    var topic = RawClient.idOf(topics.topic(OFFSETS_TOPIC));

    var refused =
        topics
            .client(coordinator)
            .produce(RawClient.toPartition(topic, 0, Acks.ACKS_ALL), Batches.of("a"))
            .get();

    assertThat(refused.getError()).isEqualTo(ErrorCode.ERROR_CODE_NOT_AUTHORIZED);
  }

  @Test
  void sharesOutMovesAndTellsWhereToGoOn() {
    var first = member(1).join(SESSION, "orders");
    SOON.until("the first has all", () -> first.partitions().equals(List.of(0, 1, 2, 3)));
    first.hold();
    assertThat(commit(first, 0, 10, 1, 11, 2, 12, 3, 13)).containsOnly(ErrorCode.ERROR_CODE_NONE);

    var second = member(2).join(SESSION, "orders");
    SOON.until("the first is to give back two", () -> first.partitions().size() == 2);
    assertThat(second.partitions()).isEmpty();
    var moving =
        IntStream.range(0, 4).filter(number -> !first.partitions().contains(number)).toArray();
    assertThat(commit(first, moving[0], 20, moving[1], 21))
        .as("what is to be given back is still its own")
        .containsOnly(ErrorCode.ERROR_CODE_NONE);
    first.hold();
    SOON.until("the second has two", () -> second.partitions().size() == 2);

    assertThat(second.partition(moving[0]).orElseThrow().getCommitted().getOffset()).isEqualTo(20);
    assertThat(second.partition(moving[1]).orElseThrow().getCommitted().getOffset()).isEqualTo(21);
    assertThat(commit(first, moving[0], 30)).containsExactly(ErrorCode.ERROR_CODE_FENCED_MEMBER);
    assertThat(offset(moving[0])).contains(20L);
  }

  @Test
  void givesAwayWhatALeaverHad() {
    var first = member(1).join(SESSION, "orders");
    var second = member(2).join(SESSION, "orders");
    SOON.until("both have two", () -> haveAll(first, second, 2));

    first.leave();

    SOON.until("the first is out", first::isOver);
    SOON.until("the second has all", () -> second.partitions().size() == 4);
    assertThat(first.refusal()).isEmpty();
  }

  @Test
  void removesASilentMember() {
    var silent = member(1).join(SESSION, "orders");
    var second = member(2).join(SESSION, "orders");
    SOON.until("both have two", () -> haveAll(silent, second, 2));
    second.hold();

    AFTER_A_SESSION.until(
        "the second has all",
        () -> {
          second.beat();
          return second.partitions().size() == 4;
        });

    SOON.until("the silent one is told, too", () -> silent.refusal().isPresent());
    assertThat(silent.refusal().orElseThrow().getError())
        .isEqualTo(ErrorCode.ERROR_CODE_FENCED_MEMBER);
    assertThat(second.heard()).isGreaterThan(2);
  }

  @Test
  void survivesItsCoordinator() {
    var first = member(1).join(SESSION, "orders");
    var second = member(2).join(SESSION, "orders");
    SOON.until("both have two", () -> haveAll(first, second, 2));
    var held = first.partitions();
    int epoch = first.assignment().orElseThrow().getMemberEpoch();
    assertThat(commit(first, held.getFirst(), 4_711)).containsOnly(ErrorCode.ERROR_CODE_NONE);
    int killed = coordinator();

    cluster.kill(killed);
    topics.leaderOf(OFFSETS_TOPIC, coordinatingPartition(killed));
    var again = rejoined(1, epoch, first.assignment().map(RawMember::holding).orElseThrow());

    assertThat(again.partitions()).isEqualTo(held);
    assertThat(again.assignment().orElseThrow().getMemberEpoch()).isEqualTo(epoch);
    assertThat(offset(held.getFirst())).contains(4_711L);
    assertThat(commit(again, held.getFirst(), 4_712)).containsOnly(ErrorCode.ERROR_CODE_NONE);
  }

  @Test
  void saysWhereTheCoordinatorIs() {
    int coordinator = coordinator();
    int other = cluster.running().stream().filter(node -> node != coordinator).findFirst().get();

    var member =
        RawMember.open(topics.client(other).channel(), GROUP, RawMember.id(1))
            .join(SESSION, "orders");
    SOON.until("it is refused", () -> member.refusal().isPresent());
    var read = offsets(other);

    assertThat(member.refusal().get().getError()).isEqualTo(ErrorCode.ERROR_CODE_NOT_LEADER);
    assertThat(member.refusal().get().getLeader().getNodeId()).isEqualTo(coordinator);
    assertThat(read.getError()).isEqualTo(ErrorCode.ERROR_CODE_NOT_LEADER);
    assertThat(read.getLeader().getNodeId()).isEqualTo(coordinator);
  }

  @Test
  void takesOffsetsOfWhoIsNoMemberWhileThereAreNone() {
    coordinator();
    var request = CommitOffsetsRequest.newBuilder().setGroup(GROUP);
    request.addOffsets(position(2, 99));

    assertThat(codes(commit(request))).containsExactly(ErrorCode.ERROR_CODE_NONE);
    assertThat(offset(2)).contains(99L);
    assertThat(offset(1)).isEmpty();

    var member = member(1).join(SESSION, "orders");
    SOON.until("it is in", member::isAccepted);

    assertThat(commit(request).getError()).isEqualTo(ErrorCode.ERROR_CODE_GROUP_NOT_EMPTY);
  }

  @Test
  void aHundredGroupsHaveOffsetsOfTheirOwn() {
    coordinator();
    for (int i = 0; i < 100; i++) {
      var request = CommitOffsetsRequest.newBuilder().setGroup("app-" + i);
      request.addOffsets(position(0, i));
      int number = i;
      SOON.until(
          "group " + i + " has its offset",
          () -> codes(commit(request)).equals(List.of(ErrorCode.ERROR_CODE_NONE)));
      assertThat(number).isEqualTo(i);
    }

    assertThat(IntStream.range(0, 100))
        .allSatisfy(i -> assertThat(offset("app-" + i, 0)).contains((long) i));
  }

  @Test
  void goesOnAfterAllNodesWereKilled() {
    var first = member(1).join(SESSION, "orders");
    SOON.until("the first has all", () -> first.partitions().size() == 4);
    assertThat(commit(first, 3, 33)).containsOnly(ErrorCode.ERROR_CODE_NONE);
    int epoch = first.assignment().orElseThrow().getMemberEpoch();
    var held = RawMember.holding(first.assignment().orElseThrow());

    cluster.running().forEach(cluster::kill);
    cluster.startAll();
    topics.close();
    topics = new Topics(cluster);

    assertThat(rejoined(1, epoch, held).partitions()).containsExactly(0, 1, 2, 3);
    assertThat(offset(3)).contains(33L);
  }

  // ---- who coordinates

  /** The node that coordinates the group, once one does. */
  private int coordinator() {
    var found = new AtomicInteger();
    Topics.FAILOVER
        .and("the topic of groups to be made", Duration.ofSeconds(5))
        .untilAsserted(
            "somebody coordinates",
            () -> {
              var answer = find(GROUP);
              assertThat(answer.getErrorMessage()).isEmpty();
              found.set(answer.getCoordinator().getNodeId());
              assertThat(cluster.running()).contains(found.get());
              assertThat(offsets(found.get()).getErrorMessage()).isEmpty();
            });
    return found.get();
  }

  private int coordinatingPartition(int node) {
    return topics.topic(OFFSETS_TOPIC).getPartitionsList().stream()
        .filter(partition -> partition.getLeader() == node || !partition.hasLeader())
        .findFirst()
        .map(partition -> partition.getPartition())
        .orElse(0);
  }

  private FindCoordinatorResponse find(String group) {
    return stub(cluster.running().getFirst())
        .findCoordinator(FindCoordinatorRequest.newBuilder().setGroup(group).build());
  }

  private GroupServiceGrpc.GroupServiceBlockingStub stub(int node) {
    return GroupServiceGrpc.newBlockingStub(topics.client(node).channel())
        .withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  // ---- members

  private RawMember member(long number) {
    return RawMember.open(topics.client(coordinator()).channel(), GROUP, RawMember.id(number));
  }

  /** As a client does: again while the coordinator moves or loads. */
  private RawMember rejoined(
      long number, int epoch, List<dev.naru.proto.v1.TopicPartitions> holding) {
    var tries = new ArrayList<RawMember>();
    Topics.FAILOVER
        .and("the new coordinator to load", Duration.ofSeconds(5))
        .until(
            "member " + number + " is in again",
            () -> {
              if (tries.isEmpty() || tries.getLast().isOver()) {
                tries.add(member(number).join(SESSION, epoch, holding, "orders"));
              }
              return tries.getLast().assignment().isPresent();
            });
    return tries.getLast();
  }

  private static boolean haveAll(RawMember first, RawMember second, int each) {
    Stream.of(first, second)
        .filter(member -> member.assignment().isPresent())
        .forEach(RawMember::hold);
    return first.partitions().size() == each && second.partitions().size() == each;
  }

  // ---- offsets

  /** Commits for pairs of a partition and an offset. */
  private List<ErrorCode> commit(RawMember member, int... pairs) {
    var request =
        CommitOffsetsRequest.newBuilder()
            .setGroup(GROUP)
            .setMember(member.id())
            .setMemberEpoch(member.assignment().orElseThrow().getMemberEpoch());
    for (int i = 0; i < pairs.length; i += 2) {
      request.addOffsets(position(pairs[i], pairs[i + 1]));
    }
    return codes(commit(request));
  }

  private OffsetToCommit position(int partition, long offset) {
    return OffsetToCommit.newBuilder()
        .setTopicId(orders)
        .setPartition(partition)
        .setOffset(offset)
        .build();
  }

  private CommitOffsetsResponse commit(CommitOffsetsRequest.Builder request) {
    var found = find(request.getGroup());
    return stub(found.getCoordinator().getNodeId()).commitOffsets(request.build());
  }

  private static List<ErrorCode> codes(CommitOffsetsResponse response) {
    return response.getError() == ErrorCode.ERROR_CODE_NONE
        ? response.getResultsList().stream().map(result -> result.getError()).toList()
        : List.of(response.getError());
  }

  private FetchOffsetsResponse offsets(int node) {
    return stub(node)
        .fetchOffsets(FetchOffsetsRequest.newBuilder().setGroup(GROUP).setAll(true).build());
  }

  private Optional<Long> offset(int partition) {
    return offset(GROUP, partition);
  }

  private Optional<Long> offset(String group, int partition) {
    var response =
        stub(find(group).getCoordinator().getNodeId())
            .fetchOffsets(FetchOffsetsRequest.newBuilder().setGroup(group).setAll(true).build());
    assertThat(response.getError()).isEqualTo(ErrorCode.ERROR_CODE_NONE);
    return response.getOffsetsList().stream()
        .filter(offset -> offset.getPartition() == partition)
        .map(offset -> offset.getCommitted().getOffset())
        .findFirst();
  }
}
