package dev.naru.client.transport;

import dev.naru.proto.admin.v1.ListPartitionLoadsRequest;
import dev.naru.proto.admin.v1.ListPartitionLoadsResponse;
import dev.naru.proto.admin.v1.ListSalvageRequest;
import dev.naru.proto.admin.v1.ListSalvageResponse;
import dev.naru.proto.admin.v1.PartitionAdminServiceGrpc;
import dev.naru.proto.admin.v1.ReadSalvageRequest;
import dev.naru.proto.admin.v1.ReadSalvageResponse;
import dev.naru.proto.admin.v1.SalvageAdminServiceGrpc;
import dev.naru.types.HostPort;
import java.util.concurrent.CompletableFuture;

/**
 * Admin calls about what only one node has. The futures complete on the loop, and fail if that node
 * does not answer.
 */
public final class NodeCalls {

  private final AdminCaller caller;

  NodeCalls(AdminCaller caller) {
    this.caller = caller;
  }

  /**
   * Until when single nodes may be asked, so that whoever waits for {@code request.timeout.ms} in
   * all still hears which of them did not answer.
   */
  public long shareOfTimeout() {
    return caller.shareOfTimeout();
  }

  /** Lists one page of what this node has set aside, if it answers by this time. */
  public CompletableFuture<ListSalvageResponse> listSalvage(
      HostPort node, ListSalvageRequest request, long untilNanos) {
    return caller.node(node, SalvageAdminServiceGrpc.getListSalvageMethod(), request, untilNanos);
  }

  /** Lists one page of what is sent to partitions that this node leads, if it answers by then. */
  public CompletableFuture<ListPartitionLoadsResponse> listPartitionLoads(
      HostPort node, ListPartitionLoadsRequest request, long untilNanos) {
    return caller.node(
        node, PartitionAdminServiceGrpc.getListPartitionLoadsMethod(), request, untilNanos);
  }

  /** Reads one page of an entry of this node. */
  public CompletableFuture<ReadSalvageResponse> readSalvage(
      HostPort node, ReadSalvageRequest request) {
    return caller.nodeForRecords(node, SalvageAdminServiceGrpc.getReadSalvageMethod(), request);
  }
}
