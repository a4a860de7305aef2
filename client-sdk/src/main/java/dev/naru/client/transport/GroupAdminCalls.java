package dev.naru.client.transport;

import com.google.protobuf.Empty;
import dev.naru.client.transport.AdminCall.Repeat;
import dev.naru.proto.admin.v1.DeleteGroupRequest;
import dev.naru.proto.admin.v1.DeleteOffsetsRequest;
import dev.naru.proto.admin.v1.DeleteOffsetsResponse;
import dev.naru.proto.admin.v1.GetGroupRequest;
import dev.naru.proto.admin.v1.Group;
import dev.naru.proto.admin.v1.GroupAdminServiceGrpc;
import dev.naru.proto.admin.v1.ListGroupOffsetsRequest;
import dev.naru.proto.admin.v1.ListGroupOffsetsResponse;
import dev.naru.proto.admin.v1.ListGroupsRequest;
import dev.naru.proto.admin.v1.ListGroupsResponse;
import dev.naru.proto.admin.v1.RemoveMemberRequest;
import dev.naru.proto.admin.v1.ResetOffsetsRequest;
import dev.naru.proto.admin.v1.ResetOffsetsResponse;
import java.util.concurrent.CompletableFuture;

/**
 * Admin calls about groups. Any node takes them, and asks the coordinators. The futures complete on
 * the loop.
 */
public final class GroupAdminCalls {

  private final AdminCaller caller;

  GroupAdminCalls(AdminCaller caller) {
    this.caller = caller;
  }

  /** Lists one page; each node asks all coordinators. */
  public CompletableFuture<ListGroupsResponse> listGroups(ListGroupsRequest request) {
    return caller.anyNode(GroupAdminServiceGrpc.getListGroupsMethod(), request, Repeat.AT_ANY_NODE);
  }

  /** Describes. */
  public CompletableFuture<Group> getGroup(GetGroupRequest request) {
    return caller.anyNode(GroupAdminServiceGrpc.getGetGroupMethod(), request, Repeat.AT_ANY_NODE);
  }

  /** Lists one page. */
  public CompletableFuture<ListGroupOffsetsResponse> listGroupOffsets(
      ListGroupOffsetsRequest request) {
    return caller.anyNode(
        GroupAdminServiceGrpc.getListGroupOffsetsMethod(), request, Repeat.AT_ANY_NODE);
  }

  /** Sets offsets to where the request says, however often. */
  public CompletableFuture<ResetOffsetsResponse> resetOffsets(ResetOffsetsRequest request) {
    return caller.anyNode(GroupAdminServiceGrpc.getResetOffsetsMethod(), request, Repeat.HARMLESS);
  }

  /**
   * Forgets offsets; not repeated once it may have arrived, or the answer would be that there are
   * none.
   */
  public CompletableFuture<DeleteOffsetsResponse> deleteOffsets(DeleteOffsetsRequest request) {
    return caller.anyNode(
        GroupAdminServiceGrpc.getDeleteOffsetsMethod(),
        request,
        request.getValidateOnly() ? Repeat.AT_ANY_NODE : Repeat.IF_UNSENT);
  }

  /**
   * Deletes; not repeated once it may have arrived, or the answer would be that there is no group.
   */
  public CompletableFuture<Empty> deleteGroup(DeleteGroupRequest request) {
    return caller.anyNode(
        GroupAdminServiceGrpc.getDeleteGroupMethod(),
        request,
        request.getValidateOnly() ? Repeat.AT_ANY_NODE : Repeat.IF_UNSENT);
  }

  /** Takes a member out; not repeated once it may have arrived: it may have come again. */
  public CompletableFuture<Empty> removeMember(RemoveMemberRequest request) {
    return caller.anyNode(GroupAdminServiceGrpc.getRemoveMemberMethod(), request, Repeat.IF_UNSENT);
  }
}
