package dev.naru.broker.node;

import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.partition.Partition;
import dev.naru.broker.partition.PartitionPorts;
import dev.naru.broker.partition.TailBudget;
import dev.naru.broker.partition.Tenancy;
import dev.naru.broker.partition.TopicLogs;
import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.ReplicationConfig;
import dev.naru.broker.replica.SafetyRules;
import dev.naru.broker.upkeep.ReplicaFaults;
import dev.naru.broker.upkeep.ReplicaRepairs;
import dev.naru.log.PartitionLog;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.log.store.LogStore;
import dev.naru.types.PartitionId;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Opens the log of a partition that the image gives to this node, and puts it away when the image
 * takes it back. Both wait for the disk, so they happen in order on one thread of their own. Where
 * many logs are to be made at once, that waits a little ({@link LogsToMake}).
 */
final class LogOpener implements PartitionDirectory.Opener {

  private static final Logger LOG = LogManager.getLogger(LogOpener.class);

  private final LocalNode self;
  private final LogStore store;
  private final ReplicationConfig replication;
  private final Function<TailBudget, PartitionPorts> ports;
  private final Function<PartitionId, Optional<Tenancy>> tenancies;
  private final ReplicaFaults faults;
  private final ReplicaRepairs repairs;
  private final ScheduledExecutorService chores;
  private final LogsToMake toMake;
  private final LongSupplier nanoClock;

  /**
   * What may lie in a data directory that was out of use at the start. It stays out of use with it:
   * an empty log in its place would be a second one, once the directory is back. Owned by the
   * chores.
   */
  private final Set<PartitionId> outOfSight;

  LogOpener(
      LocalNode self,
      LogStore store,
      ReplicationConfig replication,
      Function<TailBudget, PartitionPorts> ports,
      Function<PartitionId, Optional<Tenancy>> tenancies,
      ReplicaFaults faults,
      ReplicaRepairs repairs,
      ScheduledExecutorService chores,
      LongSupplier nanoClock,
      Collection<PartitionId> outOfSight) {
    this.self = self;
    this.store = store;
    this.replication = replication;
    this.ports = ports;
    this.tenancies = tenancies;
    this.faults = faults;
    this.repairs = repairs;
    this.chores = chores;
    this.toMake = new LogsToMake(chores, this::afterPause);
    this.nanoClock = nanoClock;
    this.outOfSight = new TreeSet<>(outOfSight);
  }

  @Override
  public void open(PartitionAssignment assignment, PartitionDirectory.Place place) {
    chores.execute(() -> openNow(assignment, place));
  }

  @Override
  public void openInTurn(PartitionAssignment assignment, PartitionDirectory.Place place) {
    if (store.has(assignment.id())) {
      open(assignment, place);
    } else {
      toMake.add(assignment.id(), () -> openNow(assignment, place));
    }
  }

  private void afterPause(Runnable task) {
    var _ = chores.schedule(task, LogsToMake.PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void hurry(PartitionId partition) {
    toMake.hurry(partition);
  }

  private void openNow(PartitionAssignment assignment, PartitionDirectory.Place place) {
    var id = assignment.id();
    if (outOfSight.contains(id)) {
      place.abandon();
      return;
    }
    try {
      if (store.damaged().containsKey(id)) {
        repairs.adopt(id, log -> place.take(partition(log, place)));
      } else {
        place.take(partition(log(assignment), place));
      }
    } catch (RuntimeException e) {
      place.abandon();
      faults.notOpened(id, e);
    }
  }

  private Partition partition(PartitionLog log, PartitionDirectory.Place place) {
    return new Partition(
        self,
        log,
        replication,
        SafetyRules.PRODUCT,
        ports.apply(place.tails()),
        tenancies.apply(log.id()),
        nanoClock.getAsLong());
  }

  private PartitionLog log(PartitionAssignment assignment) {
    var id = assignment.id();
    return store
        .log(id)
        .orElseGet(() -> store.create(id, TopicLogs.configOf(assignment.settings())));
  }

  @Override
  public void putAway(PartitionId partition, boolean isTopicDeleted) {
    boolean wasNeverMade = toMake.remove(partition);
    chores.execute(() -> {
      if (outOfSight.remove(partition)) {
        return; // it was never opened; a start that sees it will set it aside
      }
      if (wasNeverMade) {
        return;
      }
      try {
        store.setAside(
            partition,
            isTopicDeleted ? SetAsideReason.TOPIC_DELETED : SetAsideReason.REPLICA_MOVED,
            Keep.WHILE_THERE_IS_ROOM,
            isTopicDeleted ? "its topic was deleted" : "its replica was moved elsewhere");
        LOG.info("Put the log of {} aside", partition);
      } catch (RuntimeException e) {
        faults.notPutAway(partition, e);
      }
    });
  }
}
