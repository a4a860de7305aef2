package dev.naru.broker.node;

import dev.naru.broker.config.LiveConfig;
import dev.naru.broker.events.EventCode;
import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.broker.partition.MovePace;
import dev.naru.broker.partition.PartitionPorts;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.peer.FellowReplicas;
import dev.naru.broker.peer.FollowerLinks;
import dev.naru.broker.peer.LeaderLinks;
import dev.naru.broker.peer.LinkReads;
import dev.naru.broker.peer.PeerNode;
import dev.naru.broker.peer.Proposer;
import dev.naru.broker.peer.ReplicationLinks;
import dev.naru.broker.peer.ReplicationService;
import dev.naru.broker.peer.SurveyService;
import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.runtime.NodeRuntime;
import dev.naru.broker.upkeep.ConfigNotices;
import dev.naru.broker.upkeep.LogUpkeep;
import dev.naru.broker.upkeep.LossNotices;
import dev.naru.broker.upkeep.MoveThrottle;
import dev.naru.broker.upkeep.PartitionNotices;
import dev.naru.broker.upkeep.ReplicaLagWatch;
import dev.naru.broker.upkeep.SizeWatch;
import dev.naru.broker.upkeep.SuspicionNotices;
import dev.naru.broker.upkeep.TrafficWatch;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.log.MetadataLog;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The partitions of a registered node and their ways to disks, other nodes and the controller. */
record NodePartitions(PartitionDirectory directory, LeaderLinks leaders, TrafficWatch traffic) {

  private static final Logger LOG = LogManager.getLogger(NodePartitions.class);

  /** Joins the parts and subscribes to the image: roles begin. */
  static NodePartitions begin(
      LiveConfig live,
      LocalNode self,
      PeerNode peer,
      NodeStorage storage,
      NodeQuorum quorum,
      FollowerLinks followers,
      ReplicationService replication,
      SurveyService survey,
      GroupParts groups,
      EventParts events,
      NodeRuntime runtime,
      Consumer<Refused> fenced) {
    MetadataLog log = quorum.log();
    var store = storage.logs().store();
    var links = new ReplicationLinks(followers);
    var reads = new LinkReads(storage.reads(), followers, storage.faults());
    var proposer = new Proposer(quorum.link(), log, live.started().replication().lagMax());
    var notices =
        new PartitionNotices(
            () -> log.applied().image(),
            storage.faults(),
            runtime.meters(),
            runtime.clocks().nanos());
    var forcing = new SeatForcing(store);
    var pace =
        new MovePace(
            live.started().replication().movedBytesPerSecond(),
            runtime.clocks().nanos().getAsLong());
    var opener =
        new LogOpener(
            self,
            store,
            live.started().replication(),
            tails ->
                new PartitionPorts(
                    links, storage.replies(), forcing, reads, proposer, notices, tails, pace),
            partition -> groups.tenancyOf(partition).or(() -> events.tenancyOf(partition)),
            storage.faults(),
            storage.repairs(),
            runtime.chores(),
            runtime.clocks().nanos(),
            outOfSight(self.id(), storage.logs(), log.applied().image()));
    var directory = new PartitionDirectory(self.id(), storage.loops(), opener);
    var leaders =
        new LeaderLinks(
            peer, runtime.memory(), runtime.peerLoops(), log::applied, directory, fenced);
    links.route(leaders);
    reads.route(directory);
    proposer.route(directory);
    forcing.route(directory);
    groups.begin(directory, storage, runtime);
    events.route(directory);
    storage.faults().serve(self, directory, quorum.link());
    storage.repairs().serve(self, directory, log::applied);
    replication.serve(self, directory);
    survey.serve(self, directory, storage.logs().store()::space);
    log.subscribe(new FellowReplicas(self.id(), leaders::keepOpen)); // before thousands ask for it
    log.subscribe(new MoveThrottle(pace, live.started().replication().movedBytesPerSecond()));
    log.subscribe(directory);
    events.begin(self.id(), directory);
    log.subscribe(new SuspicionNotices(runtime.meters()));
    log.subscribe(new LossNotices(self.id(), runtime.meters()));
    log.subscribe(new ConfigNotices());
    new LogUpkeep(
            directory::seats,
            store,
            runtime.clocks(),
            partition -> log.applied().image().nameOf(partition),
            LogUpkeep.counting(runtime.meters()))
        .start(runtime, () -> live.get().retention(), () -> live.get().producers());
    runtime.meters().gauge(BrokerMetric.PRODUCERS, Tags.empty(), () -> producersOf(directory));
    var traffic = TrafficWatch.of(directory::seats, () -> log.applied().image(), runtime.meters());
    traffic.start(runtime);
    ReplicaLagWatch.of(directory::seats, () -> log.applied().image(), runtime.meters())
        .start(runtime);
    SizeWatch.of(directory::seats, () -> log.applied().image(), runtime.meters()).start(runtime);
    return new NodePartitions(directory, leaders, traffic);
  }

  private static double producersOf(PartitionDirectory directory) {
    return directory.seats().stream()
        .flatMap(seat -> seat.view().stream())
        .filter(PartitionView::isLeader)
        .mapToLong(PartitionView::producers)
        .sum();
  }

  /** Partitions of this node without a log that can be seen, if there are some that cannot. */
  private static List<PartitionId> outOfSight(NodeId self, NodeLogs logs, ClusterImage image) {
    if (!logs.mayMissLogs()) {
      return List.of();
    }
    var lost = image.partitionsOn(self).filter(id -> !logs.store().has(id)).toList();
    LOG.error(
        EventCode.STORAGE_FAILED.marker(),
        "{} partitions stay out of use on node {}: they have no log in a data directory that can be"
            + " used. Replace the disk, then run: naru node format --replace",
        lost.size(),
        self);
    return lost;
  }
}
