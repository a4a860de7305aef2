package dev.naru.simulation;

import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.PartitionInput.DamageFound;
import dev.naru.broker.partition.PartitionInput.PurgeEndAsked;
import dev.naru.broker.partition.PartitionInput.SegmentsCompacted;
import dev.naru.broker.runtime.Clocks;
import dev.naru.broker.upkeep.TrustedTime;
import dev.naru.log.CompactedSegments;
import dev.naru.log.LogCompaction;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.store.Compactor;
import dev.naru.types.PartitionId;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A process's compactor: the product's own, on a thread that stands still while it waits for the
 * owner of a log. Meanwhile logs are cut and begin later, leaders change, and nodes die.
 */
final class SimCompactor implements Compactor.Owners, Compactor.Witness {

  private static final long LOOK_NANOS = 300 * World.MILLI;

  /** So long a prepared segment may lie there before its owner hears of it, or of its place. */
  private static final long HAND_OVER_NANOS = 50 * World.MILLI;

  private final SimProcess process;
  private final Dice dice;
  private final Compactor compactor;
  private Optional<Fiber> pass = Optional.empty();

  SimCompactor(SimProcess process, SimStorage storage, Dice dice) {
    this.process = process;
    this.dice = dice;
    byte[] salt = new byte[16];
    dice.nextBytes(salt);
    compactor =
        new Compactor(
            storage.store(),
            this,
            this,
            process.cluster().scenario().upkeep().dedupeBytes(),
            salt,
            bytes -> {},
            new TrustedTime(new Clocks(process.world()::nowNanos, process.machine()::wallMillis))
                ::millis);
  }

  void begin() {
    if (process.cluster().scenario().upkeep().compacts()) {
      process.later(dice.between(World.MILLI, LOOK_NANOS), this::look);
    }
  }

  private void look() {
    begin();
    if (pass.filter(running -> !running.isOver()).isEmpty()) {
      process.storage().logs().values().forEach(process.cluster().rules()::beforeCompaction);
      var next = new Fiber(compactor::compactOne);
      pass = Optional.of(next);
      next.goOn();
    }
  }

  /** The process is gone, and what it waited for never comes. */
  void end() {
    pass.ifPresent(Fiber::abandon);
  }

  @Override
  public CompletableFuture<Boolean> putInPlace(PartitionId partition, CompactedSegments segments) {
    CompletableFuture<Boolean> isDone =
        ask(partition, answer -> new SegmentsCompacted(segments, answer::complete));
    var tally = process.cluster().tally();
    tally.count(isDone.join() ? "segments compacted" : "segments not wanted");
    if (isDone.join() && segments.purgedBelow() > 0) {
      tally.count("deletions gone");
    }
    return isDone;
  }

  @Override
  public CompletableFuture<OptionalLong> purgeEnd(PartitionId partition) {
    return ask(partition, answer -> new PurgeEndAsked(answer::complete));
  }

  /** Stands still until the owner has answered, and a while more. */
  private <T> CompletableFuture<T> ask(
      PartitionId partition, Function<CompletableFuture<T>, PartitionInput> input) {
    var self = pass.orElseThrow();
    var answer = new CompletableFuture<T>();
    var _ = answer.thenRun(() -> process.later(dice.between(1, HAND_OVER_NANOS), self::goOn));
    process.later(
        dice.between(1, HAND_OVER_NANOS), () -> process.post(partition, input.apply(answer)));
    self.waitForTheWorld();
    return answer;
  }

  @Override
  public void compacted(PartitionId partition, LogCompaction done) {
    process.cluster().tally().count("cleaner passes");
    process.cluster().tally().count("bytes compacted away", done.bytesFreed());
  }

  @Override
  public void putOff(PartitionId partition, String why) {
    process.cluster().tally().count("cleaner passes put off");
  }

  @Override
  public void uncleanable(PartitionId partition, RuntimeException fault) {
    throw fault; // nothing is wrong with these logs, unless the process ends this moment
  }

  @Override
  public void damaged(LogDamagedException damage) {
    process.post(damage.damage().partition(), new DamageFound(damage.damage()));
  }
}
