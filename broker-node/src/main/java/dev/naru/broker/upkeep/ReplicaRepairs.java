package dev.naru.broker.upkeep;

import dev.naru.broker.events.EventCode;
import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.partition.PartitionInput.LogRepaired;
import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.SafetyRules;
import dev.naru.log.LogConfig;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.StorageException;
import dev.naru.log.store.LogStore;
import dev.naru.log.store.StoreMetric;
import dev.naru.metadata.log.Applied;
import dev.naru.types.PartitionId;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings damaged replicas back while the node runs. Each goes the same way, one step at a time:
 *
 * <ol>
 *   <li>the partition has stopped serving; its damaged segment is quarantined;
 *   <li>the controller rules the replica out, and lets another one lead;
 *   <li>only then, and if there is a leader, the log is cut back to what is intact below the
 *       damage, and the partition follows again from there;
 *   <li>once it is in sync, it is whole.
 * </ol>
 *
 * Without a leader nothing is cut, moved or served: what is intact stays where it is. A disk that
 * damages a log again and again is not trusted with it until the node is started again.
 *
 * <p>Belongs to the thread for chores, except where it says otherwise.
 */
public final class ReplicaRepairs {

  private static final Logger LOG = LogManager.getLogger(ReplicaRepairs.class);

  /** With one more within {@link #MEMORY}, somebody should look at the disk. */
  private static final int REPAIRS_MAX = 2;

  private static final Duration MEMORY = Duration.ofHours(1);

  /** An election is over by then; after that it needs a person. */
  private static final Duration LEADERLESS_MAX = Duration.ofSeconds(10);

  private final LogStore store;
  private final NodeMeters meters;
  private final LongSupplier nanoClock;
  private final Map<PartitionId, Patient> patients = new TreeMap<>();
  private final Map<PartitionId, Deque<Long>> repairs = new TreeMap<>(); // when, the oldest first

  /** How many there are; read by whoever asks for metrics. */
  private volatile int patientCount;

  /** What a registered node has besides. */
  private record Serving(LocalNode self, PartitionDirectory directory, Supplier<Applied> applied) {}

  /** Set once, before the first partition has a role; read by any thread. */
  private volatile @Nullable Serving serving;

  private sealed interface State {
    /** The controller has not answered yet. */
    record GivenUp() implements State {}

    /** The controller has ruled it out with this entry of the metadata log. */
    record RuledOut(long index) implements State {}

    /** It follows its leader again. */
    record Following() implements State {}

    /** It has been damaged too often. */
    record OutOfUse() implements State {}
  }

  private static final class Patient {
    final Damage damage;
    final long sinceNanos;
    final Consumer<PartitionLog> comeback;
    State state;
    boolean isPersonTold;

    Patient(Damage damage, long sinceNanos, Consumer<PartitionLog> comeback, State state) {
      this.damage = damage;
      this.sinceNanos = sinceNanos;
      this.comeback = comeback;
      this.state = state;
    }
  }

  public ReplicaRepairs(LogStore store, NodeMeters meters, LongSupplier nanoClock) {
    this.store = store;
    this.meters = meters;
    this.nanoClock = nanoClock;
    meters.gauge(BrokerMetric.REPLICAS_DAMAGED, Tags.empty(), () -> patientCount);
  }

  /** From now on it may bring these back. Any thread. */
  public void serve(LocalNode self, PartitionDirectory directory, Supplier<Applied> applied) {
    serving = new Serving(self, directory, applied);
  }

  /** A log was found damaged at the start; the registration has ruled its replica out. */
  public void adopt(PartitionId partition, Consumer<PartitionLog> comeback) {
    Optional.ofNullable(store.damaged().get(partition))
        .ifPresent(damage -> {
          meters.count(EventCode.CORRUPTION_FOUND);
          count(partition);
          add(damage, comeback, new State.RuledOut(0));
        });
  }

  /** Which directory it was tells which disk to look at. */
  private void count(PartitionId partition) {
    meters.counter(StoreMetric.DAMAGES, "dir", store.directoryOf(partition).location()).increment();
  }

  /** A partition has found its log damaged and does nothing with it any more. */
  public void found(Damage damage) {
    var partition = damage.partition();
    try {
      count(partition);
      store
          .giveUp(damage)
          .ifPresent(place -> LOG.info("The damaged segment of {} is now in {}", partition, place));
    } catch (RuntimeException e) {
      LOG.error(
          EventCode.CORRUPTION_FOUND.marker(),
          "The damaged log of {} could not be put in quarantine; it stays out of use",
          partition,
          e);
      return;
    }
    boolean isRepeated = isRepeated(partition);
    add(
        damage,
        log -> comeBack(partition, log),
        isRepeated ? new State.OutOfUse() : new State.GivenUp());
    if (isRepeated) {
      LOG.error(
          EventCode.CORRUPTION_FOUND.marker(),
          "{} was damaged here {} times within {} minutes and is out of use until the node is"
              + " started again: look at the disk of {}",
          nameOf(partition),
          REPAIRS_MAX + 1,
          MEMORY.toMinutes(),
          store.directoryOf(partition).location());
    }
  }

  private void add(Damage damage, Consumer<PartitionLog> comeback, State state) {
    patients.put(damage.partition(), new Patient(damage, nanoClock.getAsLong(), comeback, state));
    patientCount = patients.size();
  }

  private boolean isRepeated(PartitionId partition) {
    var times = repairs.getOrDefault(partition, new ArrayDeque<>());
    long oldest = nanoClock.getAsLong() - MEMORY.toNanos();
    while (!times.isEmpty() && times.getFirst() < oldest) {
      times.removeFirst();
    }
    return times.size() >= REPAIRS_MAX;
  }

  /** The controller has taken the replica out of ISR and ELR. */
  public void ruledOut(PartitionId partition, long index) {
    var patient = patients.get(partition);
    if (patient != null && patient.state instanceof State.GivenUp) {
      patient.state = new State.RuledOut(index);
    }
  }

  /** Takes each as far as it can go now. To be called often. */
  public void look() {
    var node = serving;
    if (node == null || patients.isEmpty()) {
      return;
    }
    var applied = node.applied().get();
    List.copyOf(patients.values()).forEach(patient -> look(node, applied, patient));
    patientCount = patients.size();
  }

  private void look(Serving node, Applied applied, Patient patient) {
    var partition = patient.damage.partition();
    var assignment =
        PartitionAssignment.of(applied.image(), applied.index(), partition)
            .filter(found -> found.replicaOn(node.self().id()).isPresent());
    if (assignment.isEmpty()) {
      patients.remove(partition); // deleted or moved away, and its log with it
      return;
    }
    switch (patient.state) {
      case State.RuledOut(long index)
          when SafetyRules.PRODUCT.mayRepair(assignment.get(), node.self().id(), index) ->
          repair(partition, patient);
      case State.Following() when assignment.get().entry().isr().contains(node.self().id()) ->
          whole(partition, patient);
      case State.RuledOut _ -> tellAPerson(assignment.get(), patient);
      case State.GivenUp(), State.Following(), State.OutOfUse() -> {}
    }
  }

  private void repair(PartitionId partition, Patient patient) {
    if (!store.damaged().containsKey(partition)) {
      patients.remove(partition); // set aside meanwhile
      return;
    }
    try {
      var log = store.repair(partition, LogConfig.DEFAULTS);
      repairs.computeIfAbsent(partition, _ -> new ArrayDeque<>()).addLast(nanoClock.getAsLong());
      patient.state = new State.Following();
      LOG.info(
          "Fetches {} again from offset {} on; what lay above is in lost+found",
          nameOf(partition),
          log.end());
      patient.comeback.accept(log);
    } catch (StorageException e) {
      patients.remove(partition); // the directory has failed, and has said so
    }
  }

  private void comeBack(PartitionId partition, PartitionLog log) {
    var node = serving;
    if (node != null) {
      node.directory().seat(partition).ifPresent(seat -> seat.tell(new LogRepaired(log)));
    }
  }

  private void whole(PartitionId partition, Patient patient) {
    patients.remove(partition);
    meters.count(EventCode.CORRUPTION_REPAIRED);
    LOG.info(
        EventCode.CORRUPTION_REPAIRED.marker(),
        "{} is whole and in sync again here, {} ms after: {}",
        nameOf(partition),
        Duration.ofNanos(nanoClock.getAsLong() - patient.sinceNanos).toMillis(),
        patient.damage);
  }

  /** There is nobody who is known to hold everything. */
  private void tellAPerson(PartitionAssignment assignment, Patient patient) {
    long waitedNanos = nanoClock.getAsLong() - patient.sinceNanos;
    if (patient.isPersonTold
        || assignment.entry().hasLeader()
        || waitedNanos < LEADERLESS_MAX.toNanos()) {
      return;
    }
    patient.isPersonTold = true;
    var partition = assignment.id();
    LOG.error(
        EventCode.CORRUPTION_FOUND.marker(),
        "{} stays offline: its replica here is damaged, and no other is known to hold everything."
            + " Start the other nodes that have a replica: {}. If none of them can lead, what is"
            + " intact here lies in {}/{}, and the damaged segment in lost+found beside it; nothing"
            + " of it is deleted. The damage: {}",
        nameOf(partition),
        assignment.entry().replicaNodes(),
        store.directoryOf(partition).location(),
        partition,
        patient.damage);
  }

  /** As people write it: {@code orders/3}. */
  private String nameOf(PartitionId partition) {
    return Optional.ofNullable(serving)
        .map(node -> node.applied().get().image().nameOf(partition))
        .orElseGet(partition::toString);
  }
}
