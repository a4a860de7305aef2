package dev.naru.broker.node;

import dev.naru.broker.config.LiveConfig;
import dev.naru.broker.coordinator.GroupLags;
import dev.naru.broker.coordinator.GroupShard;
import dev.naru.broker.coordinator.ShardConfig;
import dev.naru.broker.coordinator.ShardInput;
import dev.naru.broker.coordinator.ShardPorts;
import dev.naru.broker.group.GroupConfig;
import dev.naru.broker.group.GroupMachine;
import dev.naru.broker.group.GroupRules;
import dev.naru.broker.grouplog.GroupLogCodec;
import dev.naru.broker.grouplog.ImageTopics;
import dev.naru.broker.grouplog.ShardWork;
import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.partition.PartitionInput.TenantTold;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.partition.Tenancy;
import dev.naru.broker.peer.Heartbeats;
import dev.naru.broker.peer.LagCalls;
import dev.naru.broker.peer.LagService;
import dev.naru.broker.rpc.LagMeter;
import dev.naru.broker.runtime.NodeRuntime;
import dev.naru.broker.upkeep.GroupNotices;
import dev.naru.broker.upkeep.LagWatch;
import dev.naru.broker.upkeep.LedShards;
import dev.naru.broker.upkeep.TrustedTime;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.log.MetadataLog;
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a node needs to coordinate groups, put together. */
final class GroupParts {

  /** How often it is looked for offsets that nobody needs; they are kept for days. */
  private static final Duration FORGET_INTERVAL = Duration.ofMinutes(10);

  private final LiveConfig live;
  private final NodeId self;
  private final MetadataLog log;
  private final GroupMachine machine;
  private final ShardConfig config;
  private final ShardPorts ports;
  private final ShardWork work;
  private final LagWatch lags;
  private final LagService lagService;
  private final LagCalls lagCalls;
  private final LongSupplier nanoClock;
  private final long leaseNanos;

  /** Set once, when they begin; read by loops. */
  private volatile @Nullable Heartbeats heartbeats;

  GroupParts(
      LiveConfig live,
      NodeStorage storage,
      MetadataLog log,
      LagService lagService,
      LagCalls lagCalls,
      NodeRuntime runtime) {
    var node = live.started();
    this.live = live;
    this.self = node.nodeId();
    this.log = log;
    this.lagService = lagService;
    this.lagCalls = lagCalls;
    var groups = node.groups();
    var bounds = new GroupConfig(groups.sessionMin(), groups.sessionMax());
    machine = new GroupMachine(bounds, GroupRules.PRODUCT);
    config = new ShardConfig(bounds, node.liveness().livenessTimeout(), groups.leaveDelay());
    lags =
        new LagWatch(
            () -> log.applied().image(), runtime.clocks(), runtime.chores(), runtime.meters());
    var format = new GroupLogCodec();
    work = new ShardWork(storage.reads(), runtime.targets(), format, storage.faults());
    nanoClock = runtime.clocks().nanos();
    leaseNanos = node.liveness().livenessTimeout().toNanos();
    ports =
        new ShardPorts(
            format,
            work,
            new ImageTopics(log::applied),
            this::isCurrent,
            new GroupNotices(
                runtime.meters(), partition -> log.applied().image().nameOf(partition), lags),
            runtime.clocks().wallMillis(),
            new TrustedTime(runtime.clocks())::millis);
  }

  /** The rules by which groups are decided here. */
  GroupMachine machine() {
    return machine;
  }

  /** How far the groups are behind that this node coordinates. */
  GroupLags lags() {
    return lags;
  }

  /** Who lives with this partition where it is led. */
  Optional<Tenancy> tenancyOf(PartitionId partition) {
    return isOfGroups(partition)
        ? Optional.of((led, nowNanos) -> GroupShard.begin(led, machine, config, ports, nowNanos))
        : Optional.empty();
  }

  private boolean isOfGroups(PartitionId partition) {
    return log.applied()
        .image()
        .topic(partition.topic())
        .map(TopicImage::name)
        .filter(InternalTopics.CONSUMER_OFFSETS::equals)
        .isPresent();
  }

  /** The partitions are there; from now on it is looked at what is behind, and what to forget. */
  void begin(PartitionDirectory directory, NodeStorage storage, NodeRuntime runtime) {
    work.route(directory::seat);
    var meter =
        new LagMeter(
            partition -> directory.seat(partition).flatMap(PartitionSeat::view),
            storage.reads(),
            storage.faults());
    lagService.serve(meter);
    lags.begin(self, new LedShards(directory, this::isOfGroups), meter, lagCalls, runtime);
    runtime.repeat(
        FORGET_INTERVAL,
        "The look for offsets that nobody needs",
        () -> {
          var retention = Duration.ofMinutes(live.get().groups().retentionMinutes());
          directory.seats().forEach(seat -> forget(seat, retention));
        });
  }

  private void forget(PartitionSeat seat, Duration retention) {
    if (isOfGroups(seat.id())) {
      seat.view()
          .filter(PartitionView::isLeader)
          .ifPresent(view ->
              seat.tell(new TenantTold(view.leaderEpoch(), new ShardInput.ForgetDue(retention))));
    }
  }

  /** From now on this node may know how current its image is. */
  void beatenBy(Heartbeats beating) {
    heartbeats = beating;
  }

  private boolean isCurrent() {
    var beating = heartbeats;
    if (beating == null) {
      return false;
    }
    var standing = beating.standing();
    return standing.isHeard() && nanoClock.getAsLong() - standing.currentNanos() < leaseNanos;
  }
}
