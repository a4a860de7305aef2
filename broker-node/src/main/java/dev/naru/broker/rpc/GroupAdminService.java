package dev.naru.broker.rpc;

import com.google.protobuf.Empty;
import dev.naru.proto.admin.v1.DeleteGroupRequest;
import dev.naru.proto.admin.v1.DeleteOffsetsRequest;
import dev.naru.proto.admin.v1.DeleteOffsetsResponse;
import dev.naru.proto.admin.v1.GetGroupRequest;
import dev.naru.proto.admin.v1.Group;
import dev.naru.proto.admin.v1.GroupAdminServiceGrpc.GroupAdminServiceImplBase;
import dev.naru.proto.admin.v1.ListGroupOffsetsRequest;
import dev.naru.proto.admin.v1.ListGroupOffsetsResponse;
import dev.naru.proto.admin.v1.ListGroupsRequest;
import dev.naru.proto.admin.v1.ListGroupsResponse;
import dev.naru.proto.admin.v1.RemoveMemberRequest;
import dev.naru.proto.admin.v1.ResetOffsetsRequest;
import dev.naru.proto.admin.v1.ResetOffsetsResponse;
import dev.naru.proto.internal.v1.AskCoordinatorRequest;
import dev.naru.proto.internal.v1.AskCoordinatorResponse;
import io.grpc.stub.StreamObserver;

/** What operators ask of groups, at whichever node they ask it. */
public final class GroupAdminService extends GroupAdminServiceImplBase {

  private final GroupLists lists;
  private final GroupDirectory directory;

  GroupAdminService(GroupLists lists, GroupDirectory directory) {
    this.lists = lists;
    this.directory = directory;
  }

  @Override
  public void listGroups(ListGroupsRequest request, StreamObserver<ListGroupsResponse> response) {
    UnaryCalls.answer(response, () -> lists.list(request));
  }

  @Override
  public void getGroup(GetGroupRequest request, StreamObserver<Group> response) {
    UnaryCalls.answer(
        response, () -> ask(request.getName(), question().setGetGroup(request).build()).getGroup());
  }

  @Override
  public void listGroupOffsets(
      ListGroupOffsetsRequest request, StreamObserver<ListGroupOffsetsResponse> response) {
    UnaryCalls.answer(
        response,
        () -> ask(request.getName(), question().setListOffsets(request).build()).getOffsets());
  }

  @Override
  public void resetOffsets(
      ResetOffsetsRequest request, StreamObserver<ResetOffsetsResponse> response) {
    UnaryCalls.answer(response, () -> reset(request));
  }

  /** The only one that may be the first to speak of a group. */
  private ResetOffsetsResponse reset(ResetOffsetsRequest request) {
    var question = question().setResetOffsets(request).build();
    return directory.askAnew(GroupDirectory.groupOf(request.getName()), question).getChanges();
  }

  @Override
  public void deleteOffsets(
      DeleteOffsetsRequest request, StreamObserver<DeleteOffsetsResponse> response) {
    UnaryCalls.answer(
        response,
        () -> ask(request.getName(), question().setDeleteOffsets(request).build()).getForgotten());
  }

  @Override
  public void deleteGroup(DeleteGroupRequest request, StreamObserver<Empty> response) {
    UnaryCalls.answer(
        response,
        () -> ask(request.getName(), question().setDeleteGroup(request).build()).getDone());
  }

  @Override
  public void removeMember(RemoveMemberRequest request, StreamObserver<Empty> response) {
    UnaryCalls.answer(
        response,
        () -> ask(request.getName(), question().setRemoveMember(request).build()).getDone());
  }

  private static AskCoordinatorRequest.Builder question() {
    return AskCoordinatorRequest.newBuilder();
  }

  private AskCoordinatorResponse ask(String name, AskCoordinatorRequest question) {
    return directory.ask(GroupDirectory.groupOf(name), question);
  }
}
