package dev.naru.controller;

import dev.naru.metadata.command.FenceNode;
import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.liveness.ElectionWaits;
import dev.naru.metadata.liveness.FencingRules;
import dev.naru.metadata.liveness.HeartbeatLedger;
import dev.naru.metadata.liveness.LoadLedger;
import dev.naru.metadata.liveness.RecoveryRounds;
import dev.naru.metadata.liveness.RecoverySurvey;
import dev.naru.metadata.liveness.TopicSkew;
import dev.naru.metadata.log.Applied;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an active controller knows in one term, and what follows from it. It begins empty: the
 * silence of each node is counted from the beginning of the term. Owned by the thread {@code
 * controller}.
 */
final class Reign {

  /**
   * A refused connection is told at once, so that asking twice a second finds a dead node in time.
   */
  private static final long PROBE_INTERVAL_NANOS = 500_000_000L;

  private final long term;
  private final ControllerSeat seat;
  private final long livenessNanos;
  private HeartbeatLedger ledger;
  private ElectionWaits waits = ElectionWaits.NONE;
  private final RecoveryRounds recoveries = new RecoveryRounds();
  private final LoadLedger loads = new LoadLedger();

  /** The image the waits have seen. */
  private Optional<ClusterImage> seen = Optional.empty();

  /** The newest stream of each node; an older one may be reported broken after it. */
  private final Map<NodeId, Standing> streams = new HashMap<>();

  private final Map<NodeId, Long> probedNanos = new HashMap<>();
  private final OwnCommands own = new OwnCommands();

  private record Standing(HeartbeatStream stream, NodeEpoch epoch) {}

  Reign(long term, ControllerSeat seat, ControllerSettings settings, long nowNanos) {
    this.term = term;
    this.seat = seat;
    this.livenessNanos = settings.livenessTimeout().toNanos();
    this.ledger = HeartbeatLedger.startingAt(nowNanos);
  }

  long term() {
    return term;
  }

  /** This controller stood still for so long. */
  void paused(long nanos) {
    ledger = ledger.withoutPause(nanos);
    waits = waits.withoutPause(nanos);
    recoveries.paused(nanos);
    loads.paused(nanos);
  }

  /**
   * A sign of life.
   *
   * @param confirmedMillisAgo see {@link HeartbeatReply.Heard}
   */
  HeartbeatReply heard(
      HeartbeatStream stream,
      NodeHeartbeat heartbeat,
      Applied applied,
      long confirmedMillisAgo,
      long nowNanos) {
    Optional<NodeImage> registered = applied.image().node(heartbeat.node());
    if (registered.isEmpty() && heartbeat.epoch().value() <= applied.index()) {
      return removed(heartbeat);
    }
    if (registered.isEmpty() || registered.get().epoch().isBefore(heartbeat.epoch())) {
      return notHeard(ErrorCode.UNKNOWN_NODE_EPOCH, heartbeat, registered);
    }
    if (heartbeat.epoch().isBefore(registered.get().epoch())) {
      return notHeard(ErrorCode.FENCED_NODE_EPOCH, heartbeat, registered);
    }
    streams.put(heartbeat.node(), new Standing(stream, heartbeat.epoch()));
    ledger =
        ledger.heard(
            heartbeat.node(),
            heartbeat.epoch(),
            heartbeat.appliedIndex(),
            heartbeat.wantsShutdown(),
            nowNanos);
    loads.heard(heartbeat.node(), heartbeat.loads(), nowNanos);
    boolean mayShutDown =
        heartbeat.wantsShutdown() && FencingRules.mayShutDown(applied.image(), heartbeat.node());
    return new HeartbeatReply.Heard(
        applied.index(), registered.get().isFenced(), mayShutDown, confirmedMillisAgo);
  }

  /** How unevenly topics are written. */
  List<TopicSkew> skews(ClusterImage image, long nowNanos) {
    return loads.skews(image, nowNanos);
  }

  /** Its registration was applied here, and is gone since: it must stop. */
  private static HeartbeatReply removed(NodeHeartbeat heartbeat) {
    return new HeartbeatReply.NotHeard(
        new Refused(
            ErrorCode.NODE_NOT_FOUND,
            "Expected a node of the cluster, but node %s, under epoch %s, was decommissioned"
                .formatted(heartbeat.node(), heartbeat.epoch())),
        Optional.empty());
  }

  private static HeartbeatReply notHeard(
      ErrorCode code, NodeHeartbeat heartbeat, Optional<NodeImage> registered) {
    return new HeartbeatReply.NotHeard(
        new Refused(
            code,
            "Expected node "
                + heartbeat.node()
                + registered.map(node -> " under epoch " + node.epoch()).orElse(" to be registered")
                + ", but its heartbeat has epoch "
                + heartbeat.epoch()),
        Optional.empty());
  }

  /** True if it was the newest stream of a node: worth a probe. */
  boolean streamBroke(HeartbeatStream stream) {
    for (var entry : streams.entrySet()) {
      var standing = entry.getValue();
      if (standing.stream().equals(stream)) {
        ledger = ledger.streamBroke(entry.getKey(), standing.epoch());
        streams.remove(entry.getKey());
        return true;
      }
    }
    return false;
  }

  /** Looks for partitions that wait for replicas; walks all of them if the image has changed. */
  @SuppressWarnings("ReferenceEquality") // comparing two images would cost more than walking one
  void look(ClusterImage image, long nowNanos) {
    own.forget(nowNanos);
    if (seen.isEmpty() || seen.get() != image) {
      waits = waits.seen(image, nowNanos);
      recoveries.seen(image, nowNanos);
      seen = Optional.of(image);
    }
  }

  /** The commands that are due and not yet under way; from now on they are. */
  List<MetadataCommand> due(ClusterImage image, long nowNanos) {
    var due = new ArrayList<MetadataCommand>();
    if (!image.isInitialized()) {
      due.add(new InitializeCluster(image.clusterId(), seat.metadataVersion(), seat.defaults()));
    }
    due.addAll(FencingRules.due(image, ledger, livenessNanos, nowNanos));
    due.addAll(waits.due(nowNanos));
    recoveries.conclude(image, nowNanos).ifPresent(due::add);
    due.removeIf(command -> !own.begin(command, nowNanos));
    if (due.stream().anyMatch(RecoverPartitions.class::isInstance)) {
      recoveries.submitted(nowNanos);
    }
    return due;
  }

  /** Whom to ask now what is left of partitions whose safe replicas are gone. */
  Optional<RecoverySurvey> toAsk(ClusterImage image, long nowNanos) {
    return recoveries.begin(image, nowNanos);
  }

  /** The nodes to probe now. */
  List<NodeImage> toProbe(ClusterImage image, long nowNanos) {
    var nodes = new ArrayList<NodeImage>();
    for (NodeId node : FencingRules.toProbe(image, ledger)) {
      Long last = probedNanos.get(node);
      if (last == null || nowNanos - last >= PROBE_INTERVAL_NANOS) {
        probedNanos.put(node, nowNanos);
        image.node(node).ifPresent(nodes::add);
      }
    }
    return nodes;
  }

  /** What a refused probe leads to, unless it is under way. */
  Optional<FenceNode> probeRefused(ClusterImage image, NodeId node, long nowNanos) {
    return FencingRules.onProbeRefused(image, ledger, node)
        .filter(command -> own.begin(command, nowNanos));
  }

  /** A command of its own was decided, with or without effect. */
  void decided(MetadataCommand command, long nowNanos) {
    own.decided(command, nowNanos);
    settled(command);
  }

  /** The outcome of a command of its own is not known. */
  void lost(MetadataCommand command) {
    own.lost(command);
    settled(command);
  }

  private void settled(MetadataCommand command) {
    if (command instanceof RecoverPartitions) {
      recoveries.settled();
    }
  }
}
