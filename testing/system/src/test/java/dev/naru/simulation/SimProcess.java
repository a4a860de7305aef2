package dev.naru.simulation;

import dev.naru.broker.partition.MovePace;
import dev.naru.broker.partition.Partition;
import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.PartitionInput.ImageApplied;
import dev.naru.broker.partition.PartitionPorts;
import dev.naru.broker.partition.TailBudget;
import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.PartitionEvent;
import dev.naru.broker.replica.PartitionEvent.CorruptionFound;
import dev.naru.broker.replica.ReplicationConfig;
import dev.naru.log.LogConfig;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.Disk;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One run of a node's process: production partitions over production logs, one owner for all of
 * them, and a simulated outside. It recovers, registers, follows the metadata log, and lives until
 * it is ended.
 */
final class SimProcess {

  private static final long STOP_NANOS_MAX = 3 * World.SECOND;

  private static final long RESTART_NANOS = 200 * World.MILLI;

  private final SimCluster cluster;
  private final World world;
  private final SimNode machine;
  private final Dice dice;
  private final SimStorage storage;
  private final SimRegistration registration;
  private final SimRepairs repairs;
  private final SimUpkeep upkeep;
  private final SimCompactor compactor;
  private final SimLinks links;
  private final SimClients clients;
  private final SimAttendance attendance;
  private final SimShards shards;
  private final PartitionPorts ports;
  private final SimLife life = new SimLife();
  private final SimLoop loop;

  private long appliedIndex;
  private long nextSequence;
  private boolean isStopping;
  private Runnable whenStopped = () -> {};
  private boolean isApplyDue;

  private SimProcess(SimCluster cluster, SimNode machine, Disk disk, Dice dice) {
    this.cluster = cluster;
    this.world = cluster.world();
    this.machine = machine;
    this.dice = dice;
    loop = new SimLoop(this, dice.named("loop"));
    storage = new SimStorage(this, disk, dice.named("storage"));
    registration = new SimRegistration(this, storage, dice.named("registration"));
    repairs = new SimRepairs(this, dice.named("repairs"));
    upkeep = new SimUpkeep(this, storage, loop, dice.named("upkeep"));
    compactor = new SimCompactor(this, storage, dice.named("compactor"));
    links = new SimLinks(this);
    clients = new SimClients(this);
    attendance = new SimAttendance(this);
    shards = new SimShards(this, dice.named("shards"));
    ports =
        new PartitionPorts(
            links,
            clients,
            storage,
            storage,
            new SimProposals(this),
            this::reported,
            new TailBudget(dice.chance(0.3) ? 1_000 : 1 << 20),
            new MovePace(cluster.scenario().movedBytesPerSecond(), world.nowNanos()));
  }

  static SimProcess start(SimCluster cluster, SimNode machine, Disk disk, Dice dice) {
    var process = new SimProcess(cluster, machine, disk, dice);
    cluster.world().trace().note(machine.id(), "start", process.storage.describe());
    process
        .storage
        .damaged()
        .forEach((id, damage) -> cluster.observer().alarms().damaged(process, damage));
    cluster.rules().beforeRoles(process.storage.logs());
    process.applySoon();
    process.registration.begin();
    process.loop.begin();
    process.upkeep.begin();
    process.compactor.begin();
    return process;
  }

  // ---- life

  void end() {
    life.end();
    compactor.end();
    world.trace().note(node(), "end", "");
    cluster.observer().ended(machine.nodeId());
    links.breakAll();
    clients.breakAll();
    attendance.breakAll();
    registration.processEnded();
  }

  /**
   * Its node epoch is not the newest: a node that is told so ends, and whoever watches it starts
   * another.
   */
  void stopForGood() {
    world.trace().note(node(), "fenced", "");
    machine.kill();
    world.after(RESTART_NANOS, machine::start);
  }

  /** Asks to stop; after a while it stops, allowed or not. */
  void stop(Runnable onStopped) {
    if (!isStopping) {
      isStopping = true;
      whenStopped = onStopped;
      world.trace().note(node(), "stop", "");
      later(STOP_NANOS_MAX, this::stopped);
    }
  }

  /**
   * Nothing keeps it: partitions give up their roles, logs are closed, and the next start knows.
   */
  void stopped() {
    if (!isEnded()) {
      closePartitions();
      registration.local().ifPresent(self -> storage.closeCleanly(self.epoch()));
      machine.stopped();
      whenStopped.run();
    }
  }

  /** What still compacts a log ends where it is. */
  void endPasses() {
    compactor.end();
  }

  /** As a node that stops does; then nothing that it received is held any more. */
  void closePartitions() {
    int held = loop.close();
    if (held > 0) {
      throw new IllegalStateException(
          "Expected node %d to hold no batches once its partitions are closed, but it holds %d"
              .formatted(node(), held));
    }
  }

  boolean isStopping() {
    return isStopping;
  }

  boolean isEnded() {
    return life.isEnded();
  }

  void pause() {
    world.trace().note(node(), "pause", "");
    life.pause();
  }

  void resume() {
    world.trace().note(node(), "resume", "");
    life.resume();
  }

  /** Alive and moving. */
  boolean isRunning() {
    return life.isRunning();
  }

  /** Does this later, unless the process ends; if it stands still then, as soon as it moves. */
  void later(long delayNanos, Runnable action) {
    world.after(delayNanos, () -> life.asSoonAsRunning(action));
  }

  void asSoonAsRunning(Runnable action) {
    life.asSoonAsRunning(action);
  }

  void post(PartitionId to, PartitionInput input) {
    loop.post(to, input);
  }

  /** What becomes of an input before its partition takes it. */
  PartitionInput taken(Partition partition, PartitionInput input) {
    return storage
        .store()
        .log(partition.id())
        .map(log -> cluster.rules().takes(input, partition.view(), log))
        .orElse(input);
  }

  // ---- metadata

  /** Follows the metadata log, with the lag of this node, when there is more of it. */
  void applySoon() {
    if (!isApplyDue) {
      isApplyDue = true;
      later(dice.between(World.MILLI / 10, cluster.scenario().applyNanosMax()), this::apply);
    }
  }

  private void apply() {
    isApplyDue = false;
    long end = cluster.log().end();
    if (appliedIndex == end) {
      return;
    }
    boolean isReached =
        cluster
            .controller()
            .node()
            .filter(active -> !cluster.net().isCut(active, node()))
            .isPresent();
    if (isReached) {
      // A snapshot, or several entries at once, leave out the images between.
      appliedIndex = dice.chance(0.7) ? appliedIndex + 1 : dice.between(appliedIndex + 1, end);
      onImage(cluster.log().image(appliedIndex));
    }
    if (appliedIndex < end) {
      applySoon();
    }
  }

  private void onImage(ClusterImage image) {
    registration.onImage(image);
    if (isEnded() || registration.local().isEmpty()) {
      return;
    }
    takeAway(image);
    image.partitionsOn(machine.nodeId()).forEach(id -> onAssigned(image, id));
  }

  /** Replicas that were moved elsewhere, while this process served them or before it began. */
  private void takeAway(ClusterImage image) {
    var held = new TreeSet<PartitionId>(storage.logs().keySet());
    held.addAll(storage.damaged().keySet());
    held.removeIf(
        id -> image.partition(id).flatMap(entry -> entry.replicaOn(machine.nodeId())).isPresent());
    for (var id : held) {
      loop.close(id);
      cluster.observer().closed(machine.nodeId(), id);
      storage.putAway(id);
    }
  }

  private void reported(PartitionId partition, PartitionEvent event) {
    cluster.observer().alarms().reported(this, partition, event);
    if (event instanceof CorruptionFound(var damage)) {
      repairs.found(damage);
    }
  }

  /** The log of a partition that had none to begin with is usable. */
  void opened(PartitionId id) {
    onAssigned(cluster.log().image(appliedIndex), id);
  }

  private void onAssigned(ClusterImage image, PartitionId id) {
    if (storage.isDamaged(id) && partition(id).isEmpty()) {
      repairs.adopt(id);
      return;
    }
    if (storage.isDamaged(id)) {
      PartitionAssignment.of(image, appliedIndex, id)
          .ifPresent(assignment -> post(id, new ImageApplied(assignment)));
      return;
    }
    loop.open(id, this::open);
    PartitionAssignment.of(image, appliedIndex, id)
        .map(assignment ->
            cluster.rules().assigned(assignment, self(), storage.logOf(id, LogConfig.DEFAULTS)))
        .ifPresent(assignment -> post(id, new ImageApplied(assignment)));
  }

  private Partition open(PartitionId id) {
    PartitionLog log = storage.logOf(id, LogConfig.DEFAULTS);
    var partition =
        new Partition(
            self(),
            log,
            new ReplicationConfig(
                Duration.ofNanos(cluster.scenario().lagMaxNanos()),
                cluster.scenario().windowBytes()),
            cluster.observer().watched(this, id, cluster.rules().safety()),
            ports,
            shards.tenancyOf(id),
            world.nowNanos());
    cluster.observer().opened(this, partition, log);
    return partition;
  }

  /** A command of this process. Sent again as it is, it takes effect once. */
  CommandEnvelope envelope(MetadataCommand command) {
    return new CommandEnvelope(
        machine.nodeId(),
        registration.local().map(LocalNode::epoch).orElse(CommandEnvelope.UNREGISTERED),
        nextSequence++,
        world.nowMillis(),
        command);
  }

  // ---- parts

  SimCluster cluster() {
    return cluster;
  }

  World world() {
    return world;
  }

  int node() {
    return machine.id();
  }

  SimNode machine() {
    return machine;
  }

  /** The same, if it is registered yet. */
  Optional<LocalNode> registered() {
    return registration.local();
  }

  /** The node under the epoch of this process, which is registered. */
  LocalNode self() {
    return registration.local().orElseThrow();
  }

  /** What this process knows of the cluster. */
  ClusterImage image() {
    return cluster.log().image(appliedIndex);
  }

  long appliedIndex() {
    return appliedIndex;
  }

  SimLinks links() {
    return links;
  }

  SimClients clients() {
    return clients;
  }

  SimAttendance attendance() {
    return attendance;
  }

  SimShards shards() {
    return shards;
  }

  SimStorage storage() {
    return storage;
  }

  Optional<Partition> partition(PartitionId id) {
    return loop.partition(id);
  }
}
