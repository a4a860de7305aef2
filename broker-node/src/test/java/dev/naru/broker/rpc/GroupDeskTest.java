package dev.naru.broker.rpc;

import static dev.naru.broker.rpc.FakeCoordinator.member;
import static dev.naru.broker.rpc.FakeCoordinator.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.Timestamp;
import dev.naru.broker.coordinator.GroupLag;
import dev.naru.broker.coordinator.GroupLags;
import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupImage;
import dev.naru.proto.admin.v1.DeleteGroupRequest;
import dev.naru.proto.admin.v1.DeleteOffsetsRequest;
import dev.naru.proto.admin.v1.GetGroupRequest;
import dev.naru.proto.admin.v1.Group;
import dev.naru.proto.admin.v1.GroupMember;
import dev.naru.proto.admin.v1.GroupOffset;
import dev.naru.proto.admin.v1.ListGroupOffsetsRequest;
import dev.naru.proto.admin.v1.ListGroupsRequest;
import dev.naru.proto.admin.v1.MemberPartitions;
import dev.naru.proto.admin.v1.OffsetChange;
import dev.naru.proto.admin.v1.OffsetChoice;
import dev.naru.proto.admin.v1.OffsetReset;
import dev.naru.proto.admin.v1.RemoveMemberRequest;
import dev.naru.proto.admin.v1.ResetOffsetsRequest;
import dev.naru.proto.internal.v1.AskCoordinatorRequest;
import dev.naru.proto.internal.v1.AskCoordinatorResponse;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import io.grpc.Status;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

/** Topic t has records 10 to 99 in each of its three partitions, a second apart. */
class GroupDeskTest {

  private static final NodeId SELF = new NodeId(1);
  private static final ClusterSnapshot CLUSTER = GroupClusters.led(2, 1);

  private final FakeCoordinator coordinator = new FakeCoordinator();
  private final FakePeers peers = new FakePeers();
  private final GroupDesk desk = desk(GroupLags.UNKNOWN);

  private GroupDesk desk(GroupLags lags) {
    return new GroupDesk(
        SELF,
        () -> CLUSTER,
        coordinator.calls(),
        FakeCoordinator.MACHINE,
        new LeaderOffsets(SELF, peers, peers::answers),
        lags);
  }

  // ---- descriptions

  @Test
  void describesMembersByWhatTheyHold() {
    coordinator.join("app", 1).join("app", 2, "two").share("app").leave("app", 2, true);

    var group = get("app");

    assertThat(group.getName()).isEqualTo("groups/app");
    assertThat(group.getState()).isEqualTo(Group.State.STATE_STABLE);
    assertThat(group.getProtocol()).isEqualTo(Group.Protocol.PROTOCOL_NATIVE);
    assertThat(group.getAssignor()).isEqualTo("sticky");
    assertThat(group.getCoordinator()).isEqualTo(1);
    assertThat(group.getMemberCount()).isEqualTo(2);
    assertThat(group.getCreateTime())
        .isEqualTo(Timestamp.newBuilder().setSeconds(1_700_000_000).setNanos(123_000_000).build());
    assertThat(group.getMembersList())
        .extracting(GroupMember::getState)
        .containsExactly(GroupMember.State.STATE_ACTIVE, GroupMember.State.STATE_AWAY);
    var second = group.getMembers(1);
    assertThat(second.getId()).isEqualTo(member(2).toString());
    assertThat(second.getInstanceId()).isEqualTo("two");
    assertThat(second.getClientId()).isEqualTo("client-2");
    assertThat(second.getHost()).isEqualTo("10.0.0.2");
    assertThat(group.getMembersList())
        .flatExtracting(GroupMember::getPartitionsList)
        .flatExtracting(MemberPartitions::getPartitionsList)
        .containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  @Tag("S22")
  void tellsOfThoseWhoOnlyStandByAndOfThoseWhoWait() {
    for (int id = 1; id <= 4; id++) {
      coordinator.join("app", id);
    }
    coordinator.share("app").join("app", 5);

    var group = get("app");

    assertThat(group.getState()).isEqualTo(Group.State.STATE_REBALANCING);
    assertThat(group.getMembersList())
        .extracting(GroupMember::getState)
        .containsOnly(GroupMember.State.STATE_ACTIVE, GroupMember.State.STATE_IDLE_STANDBY)
        .filteredOn(GroupMember.State.STATE_ACTIVE::equals)
        .hasSize(3);
  }

  @Test
  void showsOffsetsWithTheirLagAndTheirHolder() {
    coordinator.commit("app", 20, 30).join("app", 1).share("app");
    GroupLags lags =
        new GroupLags() {
          @Override
          public Map<PartitionId, GroupLag> of(
              String group, TreePMap<PartitionId, Committed> offsets) {
            assertThat(offsets.keySet()).containsExactly(partition(0), partition(1));
            return Map.of(
                partition(0),
                new GroupLag(
                    OptionalLong.of(100), OptionalLong.of(80), OptionalDouble.of(1.5), true));
          }

          @Override
          public List<String> advice(GroupImage image, Map<PartitionId, GroupLag> known) {
            return List.of(image.group() + " lacks " + known.size());
          }
        };

    var group = desk(lags).answer(question().setGetGroup(getting("app")).build()).getGroup();

    var first = group.getOffsets(0);
    assertThat(first.getTopic()).isEqualTo("topics/t");
    assertThat(first.getCommitted()).isEqualTo(20);
    assertThat(first.getEnd()).isEqualTo(100);
    assertThat(first.getLagRecords()).isEqualTo(80);
    assertThat(first.getLagSeconds()).isEqualTo(1.5);
    assertThat(first.getPassedByRetention()).isTrue();
    assertThat(first.getMember()).isEqualTo(member(1).toString());
    var second = group.getOffsets(1);
    assertThat(second.hasEnd() || second.hasLagRecords() || second.hasLagSeconds()).isFalse();
    assertThat(group.getAdviceList()).containsExactly("app lacks 1");
    assertThat(group.getOffsetCount()).isEqualTo(2);
  }

  @Test
  void listsOffsetsInPages() {
    coordinator.commit("app", 20, 30, 40);
    var request = ListGroupOffsetsRequest.newBuilder().setName("groups/app").setPageSize(2);

    var first = desk.answer(question().setListOffsets(request).build()).getOffsets();
    var second =
        desk.answer(
                question().setListOffsets(request.setPageToken(first.getNextPageToken())).build())
            .getOffsets();

    assertThat(first.getOffsetsList())
        .extracting(GroupOffset::getCommitted)
        .containsExactly(20L, 30L);
    assertThat(second.getOffsetsList()).extracting(GroupOffset::getPartition).containsExactly(2);
    assertThat(second.getNextPageToken()).isEmpty();
    assertThat(
            codeOf(() -> desk.answer(question().setListOffsets(request.setPageToken("x")).build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void listsGroupsByNameAndState() {
    coordinator.join("b", 1).commit("c", 1).commit("a", 1);

    var all = list(ListGroupsRequest.newBuilder().setPageSize(2).build());
    var empty = list(ListGroupsRequest.newBuilder().addStates(Group.State.STATE_EMPTY).build());

    assertThat(all.getGroups().getGroupsList())
        .extracting(Group::getName)
        .containsExactly("groups/a", "groups/b");
    assertThat(all.getGroups().getHasMore()).isTrue();
    assertThat(all.getGroups().getShardsList()).containsExactly(0);
    assertThat(empty.getGroups().getGroupsList())
        .extracting(Group::getName)
        .containsExactly("groups/a", "groups/c");
    assertThat(empty.getGroups().getGroups(0).getOffsetsCount()).isZero();
  }

  @Test
  void saysWhichPartitionsItCannotTellOf() {
    coordinator.silence(ErrorCode.COORDINATOR_LOADING);

    var groups = list(ListGroupsRequest.getDefaultInstance()).getGroups();

    assertThat(groups.getShardsList()).isEmpty();
    assertThat(groups.getSilent(0).getErrorValue())
        .isEqualTo(ErrorCode.COORDINATOR_LOADING.number());
    assertThat(failureOf(() -> get("app"))).isEqualTo(ErrorCode.COORDINATOR_LOADING);
  }

  @Test
  void knowsWhatIsNoGroup() {
    assertThat(failureOf(() -> get("app"))).isEqualTo(ErrorCode.GROUP_NOT_FOUND);
    assertThat(failureOf(() -> get(""))).isEqualTo(ErrorCode.INVALID_GROUP_ID);
    assertThat(
            codeOf(() ->
                desk.answer(
                    question().setGetGroup(GetGroupRequest.newBuilder().setName("app")).build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(codeOf(() -> desk.answer(question().build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  // ---- resets

  @Test
  void setsOffsetsToWhatIsThere() {
    coordinator.commit("app", 20);
    var request =
        resetting("app")
            .addResets(to(0).setEarliest(true))
            .addResets(to(1).setTime(Timestamp.newBuilder().setSeconds(41).setNanos(500_000_000)))
            .addResets(to(2).setOffset(77));

    var changes = reset(request);

    assertThat(changes).extracting(OffsetChange::getNewOffset).containsExactly(10L, 42L, 77L);
    assertThat(changes).extracting(OffsetChange::getEnd).containsOnly(100L);
    assertThat(changes.getFirst().getOldOffset()).isEqualTo(20);
    assertThat(changes.get(1).hasOldOffset()).isFalse();
    assertThat(committed("app", 0)).isEqualTo(10);
    assertThat(committed("app", 2)).isEqualTo(77);
    assertThat(peers.asked).as("it leads two of them itself").containsExactly(2);
  }

  @Test
  void onlySaysWhatWouldBe() {
    coordinator.commit("app", 20, 20, 20);
    var all = OffsetReset.newBuilder().setTopic("topics/t").setLatest(true);

    var changes = reset(resetting("app").addResets(all).setValidateOnly(true));

    assertThat(changes).extracting(OffsetChange::getNewOffset).containsExactly(100L, 100L, 100L);
    assertThat(changes).extracting(OffsetChange::getOldOffset).containsOnly(20L);
    assertThat(committed("app", 0)).isEqualTo(20);
  }

  @Test
  void goesOnAtTheEndWhereNothingIsThatYoung() {
    var late = to(0).setTime(Timestamp.newBuilder().setSeconds(1_000));

    assertThat(reset(resetting("app").addResets(late)).getFirst().getNewOffset()).isEqualTo(100);
    assertThat(coordinator.image("app").exists()).as("the group is made").isTrue();
  }

  /** Also without a change: whoever tries hears at once what he would hear then. */
  @Test
  void setsNothingWhereThereAreMembers() {
    coordinator.commit("app", 20).join("app", 1);
    var request = resetting("app").addResets(to(0).setEarliest(true));

    assertThat(failureOf(() -> reset(request))).isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
    assertThat(failureOf(() -> reset(request.setValidateOnly(true))))
        .isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
    assertThat(peers.asked).isEmpty();
    assertThat(committed("app", 0)).isEqualTo(20);
  }

  @Test
  void refusesPositionsThatCannotBe() {
    coordinator.commit("app", 20);

    assertThat(failureOf(() -> reset(resetting("app").addResets(to(0).setOffset(9)))))
        .isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    assertThat(failureOf(() -> reset(resetting("app").addResets(to(0).setOffset(101)))))
        .isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    assertThat(failureOf(() -> reset(resetting("app").addResets(to(3).setLatest(true)))))
        .isEqualTo(ErrorCode.PARTITION_NOT_FOUND);
    assertThat(
            failureOf(() ->
                reset(resetting("app").addResets(to(0).setTopic("topics/u").setLatest(true)))))
        .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    assertThat(failureOf(() -> reset(resetting("app").addResets(to(0)))))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(failureOf(() -> reset(resetting("app")))).isEqualTo(ErrorCode.INVALID_REQUEST);
    var twice =
        resetting("app")
            .addResets(to(1).setLatest(true))
            .addResets(OffsetReset.newBuilder().setTopic("topics/t").setLatest(true));
    assertThat(failureOf(() -> reset(twice))).isEqualTo(ErrorCode.INVALID_REQUEST);
    var never = to(0).setTime(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE));
    assertThat(failureOf(() -> reset(resetting("app").addResets(never))))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(committed("app", 0)).isEqualTo(20);
  }

  @Test
  void setsNothingWhenOneLeaderCannotSay() {
    peers.refused.put(1, ErrorCode.NOT_LEADER);
    var all = OffsetReset.newBuilder().setTopic("topics/t").setEarliest(true);

    assertThat(failureOf(() -> reset(resetting("app").addResets(all))))
        .isEqualTo(ErrorCode.LEADER_NOT_AVAILABLE);
    assertThat(coordinator.image("app").exists()).isFalse();
  }

  // ---- the end of offsets, groups and members

  @Test
  void forgetsOffsetsWhereNobodySubscribes() {
    coordinator.commit("app", 20, 21, 22).commit("used", 1).join("used", 1);
    var one = OffsetChoice.newBuilder().setTopic("topics/t").setPartition(1);
    var all = OffsetChoice.newBuilder().setTopic("topics/t");

    assertThat(forget("app", one, true)).containsExactly("topics/t/1 at 21");
    assertThat(coordinator.image("app").offsets()).hasSize(3);
    assertThat(forget("app", one, false)).containsExactly("topics/t/1 at 21");
    assertThat(forget("app", all, false)).containsExactly("topics/t/0 at 20", "topics/t/2 at 22");

    assertThat(coordinator.image("app").exists()).isFalse();
    assertThat(failureOf(() -> forget("app", all, false))).isEqualTo(ErrorCode.GROUP_NOT_FOUND);
    assertThat(failureOf(() -> forget("used", all, true))).isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
    assertThat(failureOf(() -> forget("used", all, false))).isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
    assertThat(failureOf(() -> forget("used", one.clone().setPartition(3), false)))
        .isEqualTo(ErrorCode.PARTITION_NOT_FOUND);
    assertThat(failureOf(() -> forget("used", all.clone().setTopic("topics/u"), false)))
        .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    assertThat(committed("used", 0)).isEqualTo(1);
  }

  private List<String> forget(String group, OffsetChoice.Builder which, boolean isDryRun) {
    var request =
        DeleteOffsetsRequest.newBuilder()
            .setName("groups/" + group)
            .addOffsets(which)
            .setValidateOnly(isDryRun);
    var answer = desk.answer(question().setDeleteOffsets(request).build()).getForgotten();
    return answer.getOffsetsList().stream()
        .map(
            each -> "%s/%d at %d".formatted(each.getTopic(), each.getPartition(), each.getOffset()))
        .toList();
  }

  @Test
  void deletesWhatNobodyIsIn() {
    coordinator.commit("app", 20).commit("used", 1).join("used", 1);

    delete("app", true);
    assertThat(coordinator.image("app").exists()).isTrue();
    delete("app", false);

    assertThat(coordinator.image("app").exists()).isFalse();
    assertThat(failureOf(() -> delete("app", false))).isEqualTo(ErrorCode.GROUP_NOT_FOUND);
    assertThat(failureOf(() -> delete("app", true))).isEqualTo(ErrorCode.GROUP_NOT_FOUND);
    assertThat(failureOf(() -> delete("used", true))).isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
    assertThat(failureOf(() -> delete("used", false))).isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
  }

  @Test
  void takesAMemberOut() {
    coordinator.join("app", 1).join("app", 2).share("app");
    var request = RemoveMemberRequest.newBuilder().setName("groups/app");

    desk.answer(question().setRemoveMember(request.setId(member(1).toString())).build());

    assertThat(coordinator.image("app").members().keySet()).containsExactly(member(2));
    assertThat(failureOf(() -> desk.answer(question().setRemoveMember(request.setId("1")).build())))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(
            failureOf(() -> desk.answer(question().setRemoveMember(request.clearMember()).build())))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  // ---- words

  private static AskCoordinatorRequest.Builder question() {
    return AskCoordinatorRequest.newBuilder();
  }

  private static GetGroupRequest getting(String group) {
    return GetGroupRequest.newBuilder().setName("groups/" + group).build();
  }

  private Group get(String group) {
    return desk.answer(question().setGetGroup(getting(group)).build()).getGroup();
  }

  private AskCoordinatorResponse list(ListGroupsRequest request) {
    return desk.answer(question().setListGroups(request).build());
  }

  private static ResetOffsetsRequest.Builder resetting(String group) {
    return ResetOffsetsRequest.newBuilder().setName("groups/" + group);
  }

  private static OffsetReset.Builder to(int partition) {
    return OffsetReset.newBuilder().setTopic("topics/t").setPartition(partition);
  }

  private List<OffsetChange> reset(ResetOffsetsRequest.Builder request) {
    return desk.answer(question().setResetOffsets(request).build()).getChanges().getChangesList();
  }

  private void delete(String group, boolean isDryRun) {
    var request =
        DeleteGroupRequest.newBuilder().setName("groups/" + group).setValidateOnly(isDryRun);
    assertThat(desk.answer(question().setDeleteGroup(request).build()).hasDone()).isTrue();
  }

  private long committed(String group, int partition) {
    return coordinator.image(group).committed(partition(partition)).orElseThrow().offset();
  }

  private static Status.Code codeOf(ThrowingCallable call) {
    return Status.fromThrowable(catchThrowable(call)).getCode();
  }

  private static ErrorCode failureOf(ThrowingCallable call) {
    var failure = catchThrowable(call);
    return Arrays.stream(ErrorCode.values())
        .filter(code -> ErrorStatus.says(failure, code))
        .findFirst()
        .orElseThrow(() -> new AssertionError("Expected a refusal", failure));
  }
}
