package dev.naru.broker.rpc;

import dev.naru.metadata.image.NodeImage;
import dev.naru.proto.internal.v1.AskCoordinatorRequest;
import dev.naru.proto.internal.v1.AskCoordinatorResponse;
import dev.naru.proto.v1.OffsetAnswer;
import dev.naru.proto.v1.OffsetQuery;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Other nodes, asked for what operators want to know of groups. For any thread. The futures fail
 * with the status that the node answered with, or with that of the connection.
 */
public interface GroupPeers {

  /** Asks the coordinators on this node; who asks, and whom, is filled in. */
  CompletableFuture<AskCoordinatorResponse> ask(
      NodeImage node, AskCoordinatorRequest question, Duration limit);

  /** Asks this node about partitions that it leads: one answer a query, in their order. */
  CompletableFuture<List<OffsetAnswer>> findOffsets(
      NodeImage node, List<OffsetQuery> queries, Duration limit);
}
