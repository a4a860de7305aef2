package dev.naru.client.fake;

import com.google.protobuf.Empty;
import com.google.protobuf.Timestamp;
import dev.naru.proto.admin.v1.DeleteGroupRequest;
import dev.naru.proto.admin.v1.DeleteOffsetsRequest;
import dev.naru.proto.admin.v1.DeleteOffsetsResponse;
import dev.naru.proto.admin.v1.DeletedOffset;
import dev.naru.proto.admin.v1.GetGroupRequest;
import dev.naru.proto.admin.v1.Group;
import dev.naru.proto.admin.v1.GroupAdminServiceGrpc;
import dev.naru.proto.admin.v1.GroupMember;
import dev.naru.proto.admin.v1.GroupOffset;
import dev.naru.proto.admin.v1.ListGroupOffsetsRequest;
import dev.naru.proto.admin.v1.ListGroupOffsetsResponse;
import dev.naru.proto.admin.v1.ListGroupsRequest;
import dev.naru.proto.admin.v1.ListGroupsResponse;
import dev.naru.proto.admin.v1.MemberPartitions;
import dev.naru.proto.admin.v1.OffsetChange;
import dev.naru.proto.admin.v1.OffsetReset;
import dev.naru.proto.admin.v1.RemoveMemberRequest;
import dev.naru.proto.admin.v1.ResetOffsetsRequest;
import dev.naru.proto.admin.v1.ResetOffsetsResponse;
import dev.naru.proto.admin.v1.Warning;
import dev.naru.types.ErrorCode;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.UUID;

/**
 * Two groups: {@code busy}, with a member, and {@code idle}, with 2,500 offsets. Lists have one
 * group a page, and a warning on each.
 */
final class FakeGroupAdmin extends GroupAdminServiceGrpc.GroupAdminServiceImplBase {

  private static final int OFFSETS = 2_500;
  private static final int PAGE = 1_000;
  private static final String MEMBER = new UUID(0, 7).toString();

  private final FakeCluster cluster;

  FakeGroupAdmin(FakeCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public void listGroups(ListGroupsRequest request, StreamObserver<ListGroupsResponse> answers) {
    var all =
        List.of(busy().build(), idle().build()).stream()
            .filter(group ->
                request.getStatesCount() == 0 || request.getStatesList().contains(group.getState()))
            .toList();
    int page = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
    var answer =
        ListGroupsResponse.newBuilder()
            .addWarnings(Warning.newBuilder().setCode("COORDINATOR_LOADING").setMessage("wait"));
    if (page < all.size()) {
      answer.addGroups(all.get(page));
    }
    if (page + 1 < all.size()) {
      answer.setNextPageToken(Integer.toString(page + 1));
    }
    answer(answers, answer.build());
  }

  private static Group.Builder busy() {
    return Group.newBuilder()
        .setName("groups/busy")
        .setState(Group.State.STATE_STABLE)
        .setProtocol(Group.Protocol.PROTOCOL_NATIVE)
        .setAssignor("sticky")
        .setEpoch(3)
        .setMemberCount(1)
        .setOffsetCount(1)
        .setCoordinator(2)
        .setCreateTime(Timestamp.newBuilder().setSeconds(60));
  }

  private static Group.Builder idle() {
    return Group.newBuilder()
        .setName("groups/idle")
        .setState(Group.State.STATE_EMPTY)
        .setProtocol(Group.Protocol.PROTOCOL_CLASSIC)
        .setOffsetCount(OFFSETS)
        .setCoordinator(1);
  }

  @Override
  public void getGroup(GetGroupRequest request, StreamObserver<Group> answers) {
    switch (request.getName()) {
      case "groups/busy" ->
          answer(
              answers,
              busy()
                  .addMembers(
                      GroupMember.newBuilder()
                          .setId(MEMBER)
                          .setInstanceId("seven")
                          .setClientId("app")
                          .setHost("10.0.0.7")
                          .setState(GroupMember.State.STATE_ACTIVE)
                          .setEpoch(3)
                          .addPartitions(
                              MemberPartitions.newBuilder()
                                  .setTopic("topics/orders")
                                  .addPartitions(0)
                                  .addPartitions(2)))
                  .addOffsets(
                      GroupOffset.newBuilder()
                          .setTopic("topics/orders")
                          .setPartition(2)
                          .setCommitted(40)
                          .setLeaderEpoch(5)
                          .setMetadata("note")
                          .setCommitTime(Timestamp.newBuilder().setSeconds(61))
                          .setEnd(100)
                          .setLagRecords(60)
                          .setLagSeconds(1.5)
                          .setPassedByRetention(true)
                          .setMember(MEMBER))
                  .addAdvice("add a member")
                  .build());
      case "groups/idle" -> {
        var described = idle();
        for (int i = 0; i < PAGE; i++) {
          described.addOffsets(offset(i));
        }
        answer(answers, described.build());
      }
      default -> answers.onError(none());
    }
  }

  @Override
  public void listGroupOffsets(
      ListGroupOffsetsRequest request, StreamObserver<ListGroupOffsetsResponse> answers) {
    int from = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
    int to = Math.min(OFFSETS, from + Math.min(PAGE, request.getPageSize()));
    var answer = ListGroupOffsetsResponse.newBuilder();
    for (int i = from; i < to; i++) {
      answer.addOffsets(offset(i));
    }
    answer(answers, answer.setNextPageToken(to < OFFSETS ? Integer.toString(to) : "").build());
  }

  private static GroupOffset offset(int partition) {
    return GroupOffset.newBuilder()
        .setTopic("topics/orders")
        .setPartition(partition)
        .setCommitted(partition)
        .build();
  }

  /** Every partition goes from 5 to 100: earliest is 1, latest 100, a time its seconds. */
  @Override
  public void resetOffsets(
      ResetOffsetsRequest request, StreamObserver<ResetOffsetsResponse> answers) {
    if (request.getName().equals("groups/busy")) {
      answers.onError(notEmpty());
      return;
    }
    if (!request.getValidateOnly()) {
      cluster.calls.add("ResetOffsets");
    }
    var answer = ResetOffsetsResponse.newBuilder();
    for (var reset : request.getResetsList()) {
      answer.addChanges(
          OffsetChange.newBuilder()
              .setTopic(reset.getTopic())
              .setPartition(reset.getPartition())
              .setOldOffset(5)
              .setNewOffset(position(reset))
              .setEnd(100));
    }
    answer(answers, answer.build());
  }

  private static long position(OffsetReset reset) {
    return switch (reset.getPositionCase()) {
      case EARLIEST -> 1;
      case LATEST -> 100;
      case OFFSET -> reset.getOffset();
      case TIME -> reset.getTime().getSeconds();
      case POSITION_NOT_SET -> -1;
    };
  }

  /** Offset 5 is committed everywhere but in partition 0. */
  @Override
  public void deleteOffsets(
      DeleteOffsetsRequest request, StreamObserver<DeleteOffsetsResponse> answers) {
    cluster.calls.add(request.getValidateOnly() ? "ValidateDeleteOffsets" : "DeleteOffsets");
    if (request.getName().equals("groups/busy")) {
      answers.onError(notEmpty());
      return;
    }
    var answer = DeleteOffsetsResponse.newBuilder();
    for (var choice : request.getOffsetsList()) {
      if (choice.getPartition() > 0) {
        answer.addOffsets(
            DeletedOffset.newBuilder()
                .setTopic(choice.getTopic())
                .setPartition(choice.getPartition())
                .setOffset(5));
      }
    }
    answer(answers, answer.build());
  }

  @Override
  public void deleteGroup(DeleteGroupRequest request, StreamObserver<Empty> answers) {
    cluster.calls.add(request.getValidateOnly() ? "ValidateDeleteGroup" : "DeleteGroup");
    switch (request.getName()) {
      case "groups/busy" -> answers.onError(notEmpty());
      case "groups/idle" -> answer(answers, Empty.getDefaultInstance());
      case "groups/moving" ->
          answers.onError(
              FakeTopicAdmin.error(ErrorCode.COORDINATOR_NOT_AVAILABLE, "Expected one, but no"));
      default -> answers.onError(none());
    }
  }

  @Override
  public void removeMember(RemoveMemberRequest request, StreamObserver<Empty> answers) {
    if (request.getId().equals(MEMBER) || request.getInstanceId().equals("seven")) {
      answer(answers, Empty.getDefaultInstance());
    } else {
      answers.onError(
          FakeTopicAdmin.error(ErrorCode.FENCED_MEMBER, "Expected a member, but it is none"));
    }
  }

  private static Throwable none() {
    return FakeTopicAdmin.error(ErrorCode.GROUP_NOT_FOUND, "Expected a group, but there is none");
  }

  private static Throwable notEmpty() {
    return FakeTopicAdmin.error(ErrorCode.GROUP_NOT_EMPTY, "Expected no members, but has some");
  }

  private static <T> void answer(StreamObserver<T> answers, T answer) {
    answers.onNext(answer);
    answers.onCompleted();
  }
}
