package dev.naru.broker.rpc;

import io.grpc.ServerServiceDefinition;
import java.util.List;

/** What clients can call on a node. */
public record ClientServices(
    ProduceService produce,
    FetchService fetch,
    GroupService groups,
    GroupAdminService groupAdmin,
    MetadataService metadata,
    TopicAdminService topics,
    PartitionAdminService partitions,
    NodeAdminService nodes,
    ClusterAdminService cluster,
    ConfigAdminService configs,
    OperationAdminService operations,
    SalvageAdminService salvage,
    EventAdminService events) {

  List<ServerServiceDefinition> definitions() {
    return List.of(
        produce.definition(),
        fetch.definition(),
        groups.bindService(),
        groupAdmin.bindService(),
        metadata.bindService(),
        topics.bindService(),
        partitions.bindService(),
        nodes.bindService(),
        cluster.bindService(),
        configs.bindService(),
        operations.bindService(),
        salvage.bindService(),
        events.bindService());
  }
}
