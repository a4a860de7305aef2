package dev.naru.simulation;

import dev.naru.broker.replica.LocalNode;
import dev.naru.metadata.command.DirectoryReport;
import dev.naru.metadata.command.LogReport;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.NodeEndpoints;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.HostPort;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How a process becomes a node of the cluster and stays one: register, report the logs, send
 * heartbeats.
 */
final class SimRegistration {

  private static final long RETRY_NANOS = 300 * World.MILLI;

  private final SimProcess process;
  private final SimStorage storage;
  private final UUID incarnation;
  private Optional<LocalNode> local = Optional.empty();
  private boolean hasReported;

  SimRegistration(SimProcess process, SimStorage storage, Dice dice) {
    this.process = process;
    this.storage = storage;
    incarnation = new UUID(dice.nextLong(), dice.nextLong());
  }

  /** The node, under the epoch of this very process; empty before the image holds it. */
  Optional<LocalNode> local() {
    return local;
  }

  void begin() {
    if (local.isPresent()) {
      return;
    }
    submit(
        new RegisterNode(
            SimCluster.CLUSTER_ID,
            process.machine().nodeId(),
            incarnation,
            process
                .cluster()
                .log()
                .image(process.appliedIndex())
                .node(process.machine().nodeId())
                .map(NodeImage::epoch),
            profile(),
            List.of(
                new DirectoryReport(
                    storage.directory().id(), storage.directory().lastRun().epoch())),
            storage.directory().lastRun().wasCleanStop() ? LastStop.CLEAN : LastStop.UNCLEAN,
            false));
    process.later(RETRY_NANOS, this::begin);
  }

  private NodeProfile profile() {
    var address = new HostPort("node-" + process.node(), 9410);
    return new NodeProfile(
        Optional.empty(),
        new NodeEndpoints(address, address, address, address),
        "peer-" + process.node(),
        "simulated",
        ClusterImage.METADATA_VERSION_LATEST);
  }

  void onImage(ClusterImage image) {
    var self = image.node(process.machine().nodeId());
    if (local.isPresent() && local.get().epoch().isBefore(self.orElseThrow().epoch())) {
      process.stopForGood(); // a late copy of an earlier process's registration, say
      return;
    }
    if (self.filter(node -> node.incarnation().equals(incarnation)).isEmpty()) {
      return;
    }
    hasReported = self.get().logsReported();
    if (local.isEmpty()) {
      local = Optional.of(new LocalNode(self.get().id(), self.get().epoch()));
      storage.noteNodeEpoch(self.get().epoch());
      report(image, self.get());
      heartbeat();
    }
  }

  private void report(ClusterImage image, NodeImage self) {
    if (hasReported) {
      return;
    }
    var logs =
        image
            .partitionIds()
            .filter(id -> isAwaited(image.partition(id).orElseThrow(), self.id()))
            .map(this::logReport)
            .toList();
    submit(new ReportLogs(self.id(), self.epoch(), logs, true));
    process.later(RETRY_NANOS, () -> report(image, self));
  }

  private static boolean isAwaited(PartitionImage entry, NodeId self) {
    return entry.elr().containsKey(self) || entry.losses().anyWaitsFor(self);
  }

  private LogReport logReport(PartitionId id) {
    var log = Optional.ofNullable(storage.logs().get(id));
    var found =
        log.map(each ->
                new LogEnd(
                    each.lastBatch().map(batch -> new LeaderEpoch(batch.leaderEpoch())),
                    each.end()))
            .orElse(LogEnd.NOTHING);
    return new LogReport(id, storage.directory().id(), found, found.end(), storage.isDamaged(id));
  }

  private void heartbeat() {
    var cluster = process.cluster();
    process.later(cluster.scenario().livenessNanos() / 4, this::heartbeat);
    cluster
        .controller()
        .node()
        .ifPresent(active -> {
          long sentNanos = process.world().nowNanos();
          cluster.net().datagram(process.node(), active, () -> heardBy(active, sentNanos));
        });
  }

  private void heardBy(int active, long sentNanos) {
    var cluster = process.cluster();
    var self = local.orElseThrow();
    cluster
        .controller()
        .heartbeat(self.id(), self.epoch(), process.appliedIndex(), process.isStopping());
    if (cluster.scenario().groups().areThere()) {
      long index = cluster.log().end();
      cluster
          .net()
          .datagram(
              active, process.node(), () -> process.shards().standing().heard(index, sentNanos));
    }
    boolean mayStop = process.isStopping() && cluster.controller().mayShutDown(self.id());
    if (mayStop) {
      cluster
          .net()
          .datagram(active, process.node(), () -> process.asSoonAsRunning(process::stopped));
    }
  }

  /** The connection to the controller breaks with the process. */
  void processEnded() {
    var cluster = process.cluster();
    local.ifPresent(self ->
        cluster
            .controller()
            .node()
            .ifPresent(active ->
                cluster
                    .net()
                    .datagram(
                        process.node(),
                        active,
                        () -> cluster.controller().streamBroke(self.id(), self.epoch()))));
  }

  private void submit(MetadataCommand command) {
    process.cluster().controller().submit(process.node(), process.envelope(command), _ -> {});
  }
}
