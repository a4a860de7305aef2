package dev.naru.simulation;

import dev.naru.broker.partition.Partition;
import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.PartitionInput.Closed;
import dev.naru.broker.partition.PartitionInput.PurgeEndAsked;
import dev.naru.broker.partition.PartitionInput.SegmentsCompacted;
import dev.naru.broker.partition.PartitionInput.Tick;
import dev.naru.types.PartitionId;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The owner of a process's partitions: takes what has come in, turn by turn, and ticks. */
final class SimLoop {

  private static final long TICK_NANOS = 100 * World.MILLI;

  /** Few enough that a flood takes several turns. */
  private static final int TURN_INPUTS_MAX = 64;

  private final SimProcess process;
  private final Dice dice;
  private final Map<PartitionId, Partition> partitions = new TreeMap<>();
  private final Deque<Delivery> mailbox = new ArrayDeque<>();
  private final Set<PartitionId> resting = new TreeSet<>();
  private final SimMemory memory = new SimMemory();
  private boolean isTurnDue;

  private record Delivery(PartitionId to, PartitionInput input) {}

  SimLoop(SimProcess process, Dice dice) {
    this.process = process;
    this.dice = dice;
  }

  void begin() {
    process.later(dice.between(0, TICK_NANOS), this::tick);
  }

  void open(PartitionId id, Function<PartitionId, Partition> opening) {
    partitions.computeIfAbsent(id, opening);
  }

  /** The partition gives up its role, and is served no more. */
  void close(PartitionId id) {
    partition(id)
        .ifPresent(each -> {
          take(each, new Closed());
          partitions.remove(id);
          resting.remove(id);
        });
  }

  Collection<Partition> partitions() {
    return partitions.values();
  }

  Optional<Partition> partition(PartitionId id) {
    return Optional.ofNullable(partitions.get(id));
  }

  void post(PartitionId to, PartitionInput input) {
    if (!process.isEnded()) {
      mailbox.addLast(new Delivery(to, memory.received(input)));
      turnSoon();
    }
  }

  private void turnSoon() {
    if (!isTurnDue) {
      isTurnDue = true;
      process.later(dice.between(1, process.cluster().scenario().turnNanosMax()), this::turn);
    }
  }

  private void turn() {
    isTurnDue = false;
    var touched = new TreeSet<PartitionId>();
    for (int i = 0; i < TURN_INPUTS_MAX && !mailbox.isEmpty(); i++) {
      var delivery = mailbox.removeFirst();
      var partition = partition(delivery.to());
      partition.ifPresentOrElse(
          found -> take(found, delivery.input()),
          () -> process.links().refuseUnknown(delivery.to(), delivery.input()));
      SimMemory.release(delivery.input());
      answerOtherwise(delivery.input());
      partition.map(Partition::id).ifPresent(touched::add);
    }
    touched.forEach(id -> partition(id).ifPresent(this::settle));
    if (!mailbox.isEmpty()) {
      turnSoon();
    }
  }

  /** Compaction hears in any case, unless it was answered. */
  private static void answerOtherwise(PartitionInput input) {
    switch (input) {
      case SegmentsCompacted(_, var done) -> done.accept(false);
      case PurgeEndAsked(var answer) -> answer.accept(OptionalLong.empty());
      default -> {}
    }
  }

  private void tick() {
    process.later(TICK_NANOS, this::tick);
    for (var partition : partitions.values()) {
      if (!resting.contains(partition.id())) {
        take(partition, now());
        settle(partition);
        if (partition.isAtRest()) {
          resting.add(partition.id());
        }
      }
    }
  }

  private Tick now() {
    return new Tick(process.world().nowNanos());
  }

  /** Something that concerns every partition. */
  void takeEverywhere(PartitionInput input) {
    for (var partition : partitions.values()) {
      take(partition, input);
      settle(partition);
    }
  }

  /**
   * Every partition gives up its role, and nobody takes in what still lies here.
   *
   * @return how many batches are held all the same
   */
  int close() {
    takeEverywhere(new Closed());
    mailbox.forEach(delivery -> SimMemory.release(delivery.input()));
    mailbox.clear();
    return memory.lent();
  }

  private void take(Partition partition, PartitionInput input) {
    if (resting.remove(partition.id())) {
      take(partition, now());
    }
    var taken = process.taken(partition, input);
    process.cluster().observer().takes(process, partition, taken);
    partition.take(taken);
    process.cluster().observer().touched(process, partition);
  }

  private void settle(Partition partition) {
    partition.settle();
    process.cluster().observer().touched(process, partition);
  }
}
