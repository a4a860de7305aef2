package dev.naru.broker.node;

import dev.naru.broker.config.NodeConfig;
import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.partition.PartitionPorts;
import dev.naru.broker.peer.FollowerLinks;
import dev.naru.broker.peer.LeaderLinks;
import dev.naru.broker.peer.LinkReads;
import dev.naru.broker.peer.PeerNode;
import dev.naru.broker.peer.Proposer;
import dev.naru.broker.peer.ReplicationLinks;
import dev.naru.broker.peer.ReplicationService;
import dev.naru.broker.replica.LocalNode;
import dev.naru.metadata.log.MetadataLog;
import dev.naru.types.Refused;
import java.util.function.Consumer;

/** The partitions of a registered node and their ways to disks, other nodes and the controller. */
record NodePartitions(PartitionDirectory directory, LeaderLinks leaders) {

  /** Joins the parts and subscribes to the image: roles begin. */
  static NodePartitions begin(
      NodeConfig config,
      LocalNode self,
      PeerNode peer,
      NodeStorage storage,
      NodeQuorum quorum,
      FollowerLinks followers,
      ReplicationService replication,
      NodeRuntime runtime,
      Consumer<Refused> fenced) {
    MetadataLog log = quorum.log();
    var store = storage.logs().store();
    var links = new ReplicationLinks(followers);
    var reads = new LinkReads(storage.reads(), followers, storage.faults());
    var proposer = new Proposer(quorum.link());
    var notices =
        new PartitionNotices(() -> log.applied().image(), storage.faults(), runtime.meters());
    var forcing = new SeatForcing(store);
    var opener =
        new LogOpener(
            self,
            store,
            config.replication(),
            tails ->
                new PartitionPorts(
                    links, storage.replies(), forcing, reads, proposer, notices, tails),
            storage.faults(),
            runtime.chores(),
            runtime.clocks().nanos());
    var directory = new PartitionDirectory(self.id(), storage.loops(), opener);
    var leaders =
        new LeaderLinks(
            peer, runtime.memory(), runtime.peerLoops(), log::applied, directory, fenced);
    links.route(leaders);
    reads.route(directory);
    proposer.route(directory);
    forcing.route(directory);
    storage.faults().serve(self, directory, quorum.link());
    replication.serve(self, directory);
    log.subscribe(directory);
    return new NodePartitions(directory, leaders);
  }
}
