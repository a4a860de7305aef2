package dev.naru.broker.node;

import dev.naru.broker.config.LiveConfig;
import dev.naru.broker.rpc.ClientServices;
import dev.naru.broker.rpc.ClusterAdminService;
import dev.naru.broker.rpc.ClusterSnapshot;
import dev.naru.broker.rpc.ConfigAdminService;
import dev.naru.broker.rpc.EventAdminService;
import dev.naru.broker.rpc.EventFeed;
import dev.naru.broker.rpc.EventsTopic;
import dev.naru.broker.rpc.FetchService;
import dev.naru.broker.rpc.GroupAdmin;
import dev.naru.broker.rpc.GroupPeers;
import dev.naru.broker.rpc.GroupService;
import dev.naru.broker.rpc.HotKeyReports;
import dev.naru.broker.rpc.MetadataChanges;
import dev.naru.broker.rpc.MetadataService;
import dev.naru.broker.rpc.NewProducers;
import dev.naru.broker.rpc.NodeAdminService;
import dev.naru.broker.rpc.NodeBytes;
import dev.naru.broker.rpc.OperationAdminService;
import dev.naru.broker.rpc.OperationStarter;
import dev.naru.broker.rpc.PartitionAdminService;
import dev.naru.broker.rpc.PartitionLoads;
import dev.naru.broker.rpc.PartitionMoves;
import dev.naru.broker.rpc.PartitionRecovery;
import dev.naru.broker.rpc.PreferredLeaders;
import dev.naru.broker.rpc.ProduceService;
import dev.naru.broker.rpc.ProducerCalls;
import dev.naru.broker.rpc.ProducerIds;
import dev.naru.broker.rpc.QuorumDesk;
import dev.naru.broker.rpc.RebalancePlans;
import dev.naru.broker.rpc.SalvageAdminService;
import dev.naru.broker.rpc.ServingNode;
import dev.naru.broker.rpc.TopicAdminService;
import dev.naru.broker.runtime.NodeRuntime;
import dev.naru.types.NodeEpoch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The services of a node, made of its parts.
 *
 * @param groups what other nodes are answered from, too
 */
record NodeServices(ClientServices clients, GroupAdmin groups) {

  static NodeServices create(
      LiveConfig live,
      NodeEpoch epoch,
      NodeRuntime runtime,
      NodeStorage storage,
      NodePartitions partitions,
      NodeQuorum quorum,
      NodeHealth health,
      GroupParts groups,
      GroupPeers peers) {
    var config = live.started();
    var log = quorum.log();
    var changes = new MetadataChanges(quorum.link(), log);
    var serving = new ServingNode(log::applied, partitions.directory());
    var hotKeys = new HotKeyReports(serving, runtime.clocks().nanos());
    Supplier<ClusterSnapshot> cluster =
        () -> {
          var applied = log.applied();
          return new ClusterSnapshot(
              applied.image(),
              applied.index(),
              log.quorum(),
              TimeUnit.NANOSECONDS.toMillis(health.imageAgeNanos()));
        };
    var operations =
        new OperationStarter(
            config.nodeId(), cluster, changes, runtime.dice(), runtime.clocks().wallMillis());
    var groupAdmin =
        GroupAdmin.create(
            config.nodeId(),
            cluster,
            serving,
            changes,
            config.groups().topicPartitions(),
            runtime.dice(),
            storage.reads(),
            storage.faults(),
            groups.machine(),
            groups.lags(),
            peers);
    var clients =
        new ClientServices(
            new ProduceService(
                serving,
                new ProducerCalls(
                    new NewProducers(new ProducerIds(epoch), config.producers().stateKept()),
                    hotKeys),
                runtime.memory(),
                () -> live.get().limits().connectionInflightBytes(),
                Node.BATCH_BYTES_MAX,
                new NodeBytes(NodeRuntime.heapShareBytes()),
                runtime.meters(),
                runtime.clocks().nanos(),
                runtime.clocks().wallMillis()),
            new FetchService(
                serving,
                storage.reads(),
                runtime.memory(),
                storage.faults(),
                runtime.meters(),
                runtime.clocks().nanos()),
            new GroupService(
                config.nodeId(),
                cluster,
                serving,
                changes,
                config.groups().topicPartitions(),
                runtime.dice(),
                runtime.meters()),
            groupAdmin.service(),
            new MetadataService(
                cluster,
                new EventsTopic(cluster, changes, runtime.dice(), runtime.clocks().nanos()),
                serving,
                storage.reads(),
                storage.faults()),
            new TopicAdminService(
                config.nodeId(), cluster, changes, runtime.dice(), runtime.clocks().wallMillis()),
            new PartitionAdminService(
                cluster,
                serving,
                storage.reads(),
                storage.faults(),
                new PreferredLeaders(config.nodeId(), cluster, changes),
                new PartitionRecovery(cluster, quorum.survey(), changes),
                new PartitionLoads(cluster, partitions.traffic()::loads, hotKeys),
                new PartitionMoves(cluster, log::whenApplied, operations),
                new RebalancePlans(cluster, quorum.survey()::askStorage)),
            new NodeAdminService(cluster, operations),
            new ClusterAdminService(
                config.nodeId(),
                cluster,
                changes,
                new QuorumDesk(cluster, log::reached, quorum.link().quorum()::changeVoters),
                Node.VERSION),
            new ConfigAdminService(config.nodeId(), cluster, changes, live),
            new OperationAdminService(cluster, operations),
            new SalvageAdminService(
                config.nodeId(),
                cluster,
                storage.setAside(),
                storage.logs().unusable(),
                storage.reads(),
                Node.BATCH_BYTES_MAX,
                runtime.clocks().nanos()),
            new EventAdminService(
                new EventFeed(log::journal, log::whenApplied), runtime.clocks().nanos()));
    return new NodeServices(clients, groupAdmin);
  }
}
