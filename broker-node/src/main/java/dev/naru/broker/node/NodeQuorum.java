package dev.naru.broker.node;

import dev.naru.broker.config.NodeConfig;
import dev.naru.broker.peer.ControllerFinder;
import dev.naru.broker.peer.ControllerLink;
import dev.naru.broker.peer.SurveyCalls;
import dev.naru.broker.peer.TcpProbe;
import dev.naru.broker.runtime.NodeRuntime;
import dev.naru.broker.transport.PeerChannels;
import dev.naru.controller.ControllerRuntime;
import dev.naru.controller.ControllerSeat;
import dev.naru.controller.QuorumController;
import dev.naru.metadata.log.MetadataLogException;
import dev.naru.metadata.ratis.LogRuntime;
import dev.naru.metadata.ratis.QuorumSeat;
import dev.naru.metadata.ratis.RatisMetadataLog;
import java.util.UUID;

/** A node's part in the metadata quorum, and its way to the active controller. */
record NodeQuorum(
    RatisMetadataLog log,
    QuorumController controller,
    ControllerFinder finder,
    ControllerLink link,
    SurveyCalls survey)
    implements AutoCloseable {

  static NodeQuorum open(
      Release release,
      NodeConfig config,
      UUID cluster,
      NodeAddresses addresses,
      PeerChannels channels,
      NodeRuntime runtime)
      throws MetadataLogException {
    var seat =
        new QuorumSeat(
            cluster,
            config.nodeId(),
            config.quorum().voters(),
            config.directories().metadata(),
            addresses.bind().raft(),
            addresses.advertised().raft(),
            addresses.advertised().internal(),
            release.metadataVersion());
    var log =
        RatisMetadataLog.start(
            seat,
            config.quorum().log(),
            new LogRuntime(
                runtime.threads().named("quorum"), runtime.meters().registry(), runtime.fatal()));
    var survey = new SurveyCalls(cluster.toString(), channels, runtime.peerLoops().next());
    var controller =
        QuorumController.start(
            new ControllerSeat(
                config.nodeId(), config.topics().clusterDefaults(), release.metadataVersion()),
            config.liveness(),
            log,
            new TcpProbe(runtime.waiting()),
            survey,
            new ControllerRuntime(
                runtime.threads().named("controller"),
                runtime.clocks().nanos(),
                runtime.clocks().wallMillis(),
                runtime.meters().registry(),
                runtime.fatal()));
    var finder = new ControllerFinder(log, log.locator());
    var link =
        new ControllerLink(
            cluster.toString(),
            config.nodeId(),
            finder,
            channels,
            runtime.peerLoops().next(),
            runtime.clocks().nanos(),
            runtime.clocks().wallMillis());
    return new NodeQuorum(log, controller, finder, link, survey);
  }

  /** What this node sees of the quorum, for whoever wonders why it waits. */
  String words() {
    var seen = log.quorum();
    return "it sees %s, entries to %d committed, and has applied those to %d"
        .formatted(
            seen.controller()
                .map(node -> "node %s as the controller of term %d".formatted(node, seen.term()))
                .orElse("no controller"),
            seen.committedIndex(),
            log.applied().index());
  }

  @Override
  public void close() {
    link.close();
    controller.close();
    log.close();
  }
}
