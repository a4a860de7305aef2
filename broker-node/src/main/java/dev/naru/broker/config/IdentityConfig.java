package dev.naru.broker.config;

import dev.naru.types.NodeId;
import dev.naru.types.Setting;
import java.util.Optional;
import java.util.UUID;

/** Who a node is. */
public record IdentityConfig(
    @Setting(
            key = "cluster.id",
            doc = "The cluster; when absent, the one that the data directories were formatted for.")
        Optional<UUID> clusterId,
    @Setting(key = "node.id", doc = "The node's number, unique in the cluster and never changed.")
        NodeId nodeId,
    @Setting(key = "node.rack", doc = "Where the node stands; replicas are spread over racks.")
        Optional<String> rack) {}
