package dev.naru.simulation;

import dev.naru.broker.coordinator.GroupLogFormat;
import dev.naru.broker.coordinator.GroupLogPage;
import dev.naru.broker.coordinator.GroupShard;
import dev.naru.broker.coordinator.GroupWork;
import dev.naru.broker.coordinator.ShardConfig;
import dev.naru.broker.coordinator.ShardInput;
import dev.naru.broker.coordinator.ShardInput.PageRead;
import dev.naru.broker.coordinator.ShardInput.TargetComputed;
import dev.naru.broker.coordinator.ShardNotices;
import dev.naru.broker.coordinator.ShardPorts;
import dev.naru.broker.group.GroupConfig;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.GroupMachine;
import dev.naru.broker.group.TopicsSeen;
import dev.naru.broker.grouplog.GroupLogCodec;
import dev.naru.broker.grouplog.ImageTopics;
import dev.naru.broker.partition.PartitionInput.TenantTold;
import dev.naru.broker.partition.Tenancy;
import dev.naru.broker.partition.Tenant;
import dev.naru.broker.partition.TenantInput;
import dev.naru.broker.partition.TenantLog;
import dev.naru.broker.runtime.Clocks;
import dev.naru.broker.upkeep.TrustedTime;
import dev.naru.metadata.log.Applied;
import dev.naru.simulation.invariant.Coordinator;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The product's coordinators in one process, and what they need of it. */
final class SimShards implements GroupWork, ShardNotices {

  private static final long READ_NANOS_MAX = 5 * World.MILLI;

  /** Little, so that a log takes several pages. */
  private static final int PAGE_BYTES = 4_096;

  private static final long FORGET_NANOS = 700 * World.MILLI;

  private final SimProcess process;
  private final Dice dice;
  private final SimStanding standing;
  private final GroupSeams seams;
  private final GroupLogFormat format;
  private final GroupMachine machine;
  private final ShardConfig config;
  private final Duration retention;
  private final ShardPorts ports;
  private final Map<PartitionId, Observed> shards = new TreeMap<>();

  SimShards(SimProcess process, Dice dice) {
    this.process = process;
    this.dice = dice;
    var scenario = process.cluster().scenario();
    var clocks = new Clocks(process.world()::nowNanos, process.machine()::wallMillis);
    var bounds = new GroupConfig(Duration.ofMillis(1), Duration.ofMinutes(30));
    seams = process.cluster().rules().groups();
    standing = new SimStanding(process);
    format = seams.format(new GroupLogCodec());
    machine = new GroupMachine(bounds, seams.rules());
    config = new ShardConfig(bounds, Duration.ofNanos(scenario.livenessNanos()), Duration.ZERO);
    retention = Duration.ofMillis(scenario.groups().retentionMillis());
    ports =
        new ShardPorts(
            format,
            this,
            new ImageTopics(() -> new Applied(process.appliedIndex(), process.image())),
            seams.standing(standing),
            this,
            process.machine()::wallMillis,
            new TrustedTime(clocks)::millis);
    if (scenario.groups().areThere()) {
      process.later(dice.between(0, FORGET_NANOS), this::forget);
    }
  }

  SimStanding standing() {
    return standing;
  }

  /** Who lives with this partition where it is led. */
  Optional<Tenancy> tenancyOf(PartitionId partition) {
    return process.cluster().isOfGroups(partition) ? Optional.of(this::begin) : Optional.empty();
  }

  private Tenant begin(TenantLog log, long nowNanos) {
    var shard = GroupShard.begin(seams.log(log), machine, config, ports, nowNanos);
    var observed = new Observed(log, seams.shard(shard, log));
    shards.put(log.id(), observed);
    return observed;
  }

  /** Who coordinates the groups of this partition here. */
  Coordinator coordinator(PartitionId partition) {
    var shard = shards.get(partition);
    return shard == null
        ? new Coordinator(process.machine().nodeId(), partition, Long.MAX_VALUE, 0)
        : new Coordinator(
            process.machine().nodeId(), partition, shard.log.epochStart(), shard.loadedTo);
  }

  /** A coordinator, and how far it has read the log. */
  private static final class Observed implements Tenant {

    private final TenantLog log;
    private final Tenant shard;
    private long loadedTo;

    Observed(TenantLog log, Tenant shard) {
      this.log = log;
      this.shard = shard;
      loadedTo = Math.min(log.start(), log.epochStart());
    }

    @Override
    public void take(TenantInput input) {
      if (input instanceof PageRead page && page.from() == loadedTo) {
        loadedTo = page.next();
      }
      shard.take(input);
    }

    @Override
    public void committed(long highWatermark) {
      shard.committed(highWatermark);
    }

    @Override
    public void tick(long nowNanos) {
      shard.tick(nowNanos);
    }

    @Override
    public void settle() {
      shard.settle();
    }

    @Override
    public boolean isAtRest() {
      return shard.isAtRest();
    }

    @Override
    public void resign(Refused why) {
      shard.resign(why);
    }
  }

  private void forget() {
    process.later(FORGET_NANOS, this::forget);
    if (!process.cluster().isHealed()) {
      shards.forEach((partition, shard) -> tell(shard.log, new ShardInput.ForgetDue(retention)));
    }
  }

  // ---- what takes time

  @Override
  public void read(TenantLog log, long from) {
    var view = log.view();
    long below = log.epochStart();
    process.later(
        dice.between(1, READ_NANOS_MAX),
        () -> {
          var slice = view.read(from, PAGE_BYTES, below);
          tell(
              log,
              new PageRead(from, slice.nextOffset(), GroupLogPage.read(slice.batches(), format)));
        });
  }

  @Override
  public void compute(TenantLog log, GroupImage image, TopicsSeen topics) {
    int basedOn = image.header().map(header -> header.interestEpoch()).orElse(0);
    var target = GroupMachine.target(image, topics);
    process.later(
        dice.between(1, READ_NANOS_MAX),
        () -> tell(log, new TargetComputed(image.group(), target, basedOn, topics)));
  }

  private void tell(TenantLog log, ShardInput input) {
    process.post(log.id(), new TenantTold(log.epoch(), input));
  }

  // ---- what is told

  @Override
  public void loaded(PartitionId partition, int groups, int keys) {
    process.cluster().tally().count("coordinators loaded");
    if (groups > 0) {
      process.cluster().tally().count("coordinators loaded with groups");
    }
  }

  @Override
  public void unreadable(PartitionId partition, Refused why) {
    throw new IllegalStateException("Expected the log of groups to be readable, but: " + why);
  }

  @Override
  public void ended(PartitionId partition) {
    process.cluster().tally().count("coordinators ended");
  }

  @Override
  public void rebalanced(String group, int epoch, String cause, int moved) {
    process.cluster().tally().count("rebalanced, " + cause);
  }

  @Override
  public void memberGone(String group, String member, String cause) {
    process.cluster().tally().count("member gone, " + cause);
  }
}
