package dev.naru.broker.node;

import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.partition.Partition;
import dev.naru.broker.partition.PartitionPorts;
import dev.naru.broker.partition.TailBudget;
import dev.naru.broker.partition.TopicLogs;
import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.ReplicationConfig;
import dev.naru.broker.replica.SafetyRules;
import dev.naru.log.PartitionLog;
import dev.naru.log.store.LogStore;
import dev.naru.types.PartitionId;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Opens the log of a partition that the image gives to this node, and puts it away when the image
 * takes it back. Both wait for the disk, so they happen in order on one thread of their own.
 */
final class LogOpener implements PartitionDirectory.Opener {

  private static final Logger LOG = LogManager.getLogger(LogOpener.class);

  private final LocalNode self;
  private final LogStore store;
  private final ReplicationConfig replication;
  private final Function<TailBudget, PartitionPorts> ports;
  private final ReplicaFaults faults;
  private final Executor chores;
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
      ReplicaFaults faults,
      Executor chores,
      LongSupplier nanoClock,
      Collection<PartitionId> outOfSight) {
    this.self = self;
    this.store = store;
    this.replication = replication;
    this.ports = ports;
    this.faults = faults;
    this.chores = chores;
    this.nanoClock = nanoClock;
    this.outOfSight = new TreeSet<>(outOfSight);
  }

  @Override
  public void open(PartitionAssignment assignment, PartitionDirectory.Place place) {
    chores.execute(() -> {
      if (outOfSight.contains(assignment.id())) {
        return;
      }
      try {
        place.take(
            new Partition(
                self,
                log(assignment),
                replication,
                SafetyRules.PRODUCT,
                ports.apply(place.tails()),
                nanoClock.getAsLong()));
      } catch (RuntimeException e) {
        faults.notOpened(assignment.id(), e);
      }
    });
  }

  /**
   * A damaged log is kept for people to look at; its place is taken by an empty one that is
   * fetched.
   */
  private PartitionLog log(PartitionAssignment assignment) {
    var id = assignment.id();
    while (store.damaged().containsKey(id)) { // two, if it was found in two directories
      store.setAside(id, "damaged: " + store.damaged().get(id));
    }
    return store
        .log(id)
        .orElseGet(() -> store.create(id, TopicLogs.configOf(assignment.settings())));
  }

  @Override
  public void putAway(PartitionId partition, boolean isTopicDeleted) {
    chores.execute(() -> {
      if (outOfSight.remove(partition)) {
        return; // it was never opened; a start that sees it will set it aside
      }
      try {
        store.setAside(
            partition,
            isTopicDeleted ? "its topic was deleted" : "its replica was moved elsewhere");
        LOG.info("Put the log of {} aside", partition);
      } catch (RuntimeException e) {
        faults.notPutAway(partition, e);
      }
    });
  }
}
