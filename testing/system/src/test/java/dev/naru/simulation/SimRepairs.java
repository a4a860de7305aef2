package dev.naru.simulation;

import dev.naru.broker.partition.PartitionInput.LogRepaired;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.log.disk.Damage;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.GiveUpCause;
import dev.naru.metadata.command.GiveUpReplicas;
import dev.naru.metadata.image.Outcome;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** How a process brings its damaged replicas back: the steps of the product, in virtual time. */
final class SimRepairs {

  private static final long RETRY_NANOS = 300 * World.MILLI;
  private static final long LOOK_NANOS = 50 * World.MILLI;

  private final SimProcess process;
  private final Dice dice;

  /** For each, the entry of the metadata log that ruled it out, once that is known. */
  private final Map<PartitionId, OptionalLong> patients = new TreeMap<>();

  SimRepairs(SimProcess process, Dice dice) {
    this.process = process;
    this.dice = dice;
  }

  /** A partition has found damage and does nothing with its log any more. */
  void found(Damage damage) {
    var partition = damage.partition();
    patients.put(partition, OptionalLong.empty());
    process.later(
        dice.between(1, 20 * World.MILLI),
        () -> {
          process.storage().giveUp(damage);
          look(partition);
        });
    var self = process.self();
    tell(
        partition,
        process.envelope(
            new GiveUpReplicas(self.id(), self.epoch(), List.of(partition), GiveUpCause.DAMAGED)));
  }

  /** The log was found damaged at the start; the registration rules it out. */
  void adopt(PartitionId partition) {
    if (patients.putIfAbsent(partition, OptionalLong.of(0)) == null) {
      look(partition);
    }
  }

  private void tell(PartitionId partition, CommandEnvelope envelope) {
    if (!OptionalLong.empty().equals(patients.get(partition))) {
      return;
    }
    process
        .cluster()
        .controller()
        .submit(
            process.node(),
            envelope,
            outcome -> {
              if (outcome instanceof Outcome.Accepted(long index)) {
                patients.computeIfPresent(partition, (_, _) -> OptionalLong.of(index));
              }
            });
    process.later(RETRY_NANOS, () -> tell(partition, envelope));
  }

  private void look(PartitionId partition) {
    var cluster = process.cluster();
    long ruledOutAt = patients.getOrDefault(partition, OptionalLong.empty()).orElse(Long.MAX_VALUE);
    long index = process.appliedIndex();
    boolean mayRepair =
        PartitionAssignment.of(cluster.log().image(index), index, partition)
            .filter(newest ->
                cluster.rules().safety().mayRepair(newest, process.self().id(), ruledOutAt))
            .isPresent();
    if (mayRepair) {
      repair(partition);
    } else {
      process.later(dice.between(1, LOOK_NANOS), () -> look(partition));
    }
  }

  private void repair(PartitionId partition) {
    var log = process.storage().repair(partition);
    patients.remove(partition);
    process.cluster().tally().count("repaired");
    if (process.partition(partition).isPresent()) {
      process.post(partition, new LogRepaired(log));
    } else {
      process.opened(partition);
    }
  }
}
