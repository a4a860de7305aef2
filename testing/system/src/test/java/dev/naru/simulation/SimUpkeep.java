package dev.naru.simulation;

import dev.naru.broker.partition.Partition;
import dev.naru.broker.partition.PartitionAddress;
import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.runtime.Clocks;
import dev.naru.broker.upkeep.LogUpkeep;
import dev.naru.types.PartitionId;
import java.util.Optional;

/** A process's looks at its logs, by the product's own rules and the clocks of the machine. */
final class SimUpkeep {

  private static final long LOOK_NANOS = 200 * World.MILLI;

  private final SimProcess process;
  private final Dice dice;
  private final LogUpkeep upkeep;

  /** A partition, reached through the mailbox of its owner. */
  private record Address(SimProcess process, Partition partition) implements PartitionAddress {

    @Override
    public Optional<PartitionView> view() {
      return Optional.of(partition.view());
    }

    @Override
    public void tell(PartitionInput input) {
      process.post(partition.id(), input);
    }
  }

  SimUpkeep(SimProcess process, SimStorage storage, SimLoop loop, Dice dice) {
    this.process = process;
    this.dice = dice;
    var cluster = process.cluster();
    var clocks =
        cluster
            .rules()
            .clocks(new Clocks(process.world()::nowNanos, process.machine()::wallMillis));
    upkeep =
        new LogUpkeep(
            () -> loop.partitions().stream().map(each -> new Address(process, each)).toList(),
            storage.store(),
            clocks,
            PartitionId::toString,
            (why, segments) -> cluster.tally().count("segments deleted, " + why, segments));
  }

  void begin() {
    if (process.cluster().scenario().upkeep().isOn()) {
      again(upkeep::roll);
      again(upkeep::sweep);
      again(() -> {
        if (!process.cluster().isHealed()) { // or there would be nothing to compare in the end
          upkeep.retain();
        }
      });
    }
  }

  private void again(Runnable look) {
    process.later(
        dice.between(World.MILLI, LOOK_NANOS),
        () -> {
          again(look);
          look.run();
        });
  }
}
