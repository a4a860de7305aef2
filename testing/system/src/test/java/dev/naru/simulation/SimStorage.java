package dev.naru.simulation;

import dev.naru.broker.partition.Forcing;
import dev.naru.broker.partition.PartitionInput.DamageFound;
import dev.naru.broker.partition.PartitionInput.Forced;
import dev.naru.broker.partition.PartitionInput.ReadDone;
import dev.naru.broker.partition.PartitionInput.StorageFailed;
import dev.naru.broker.partition.Reads;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.log.ForceTicket;
import dev.naru.log.LogConfig;
import dev.naru.log.LogView;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.Disk;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.DataDirectory.Opening.NotOpened;
import dev.naru.log.store.DataDirectory.Opening.Opened;
import dev.naru.log.store.ForceRounds;
import dev.naru.log.store.LogStore;
import dev.naru.log.store.RecoveryListener;
import dev.naru.log.store.Scrubber;
import dev.naru.types.NodeEpoch;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A process's logs, with group commits and reads that take virtual time. */
final class SimStorage implements Forcing, Reads {

  private static final long CHECKPOINT_NANOS = World.SECOND;
  private static final long RECORD_NANOS_MAX = World.SECOND / 10; // a run is short
  private static final long SCRUB_NANOS = 2 * World.SECOND;

  private final SimProcess process;
  private final Dice dice;
  private final DataDirectory directory;
  private final LogStore store;
  private final ForceRounds rounds;
  private boolean isRoundDue;
  private boolean isRecordDue;
  private long stuckUntilNanos;

  SimStorage(SimProcess process, Disk disk, Dice dice) {
    this.process = process;
    this.dice = dice;
    directory =
        switch (DataDirectory.open(
            disk,
            SimCluster.CLUSTER_ID,
            process.machine().nodeId(),
            process.machine()::wallMillis,
            failure -> {
              throw failure;
            })) {
          case Opened(var opened) -> opened;
          case NotOpened(var why) -> throw new IllegalStateException(why.toString());
        };
    store =
        LogStore.open(List.of(directory), LogConfig.DEFAULTS, Runnable::run, RecoveryListener.NONE);
    rounds = store.rounds(directory);
    process.later(CHECKPOINT_NANOS, this::checkpoint);
    if (process.cluster().scenario().rots()) {
      scrub(store::giveUp); // or the observer could not read what it looks at
      process.later(dice.between(World.MILLI, SCRUB_NANOS), this::scrubForEver);
    }
  }

  // ---- damage

  private void scrubForEver() {
    process.later(SCRUB_NANOS, this::scrubForEver);
    scrub();
  }

  /** Reads all that is closed, and tells the partitions what is damaged. */
  void scrub() {
    scrub(damage -> process.post(damage.partition(), new DamageFound(damage)));
  }

  private void scrub(Consumer<Damage> onDamage) {
    var scrubber =
        store.scrubber(
            directory,
            new Scrubber.Findings() {
              @Override
              public void damaged(Damage damage) {
                onDamage.accept(damage);
              }

              @Override
              public void unsealed(PartitionId partition, long segmentBase) {
                throw new IllegalStateException("Expected a sound seal of " + partition);
              }

              @Override
              public void mended(String what) {
                mendedIndex(what);
              }
            });
    while (scrubber.step(1 << 20) > 0) {}
  }

  /**
   * Indexes are not forced until their segment is closed. So after a power cut there may be entries
   * of before a cut of the log, where later ones had been written over them: no lookup believes
   * them (ADR 0011), and the scrubber writes them again. Without a power cut nothing explains them.
   */
  private void mendedIndex(String what) {
    if (!process.machine().hasLostPower()) {
      throw new IllegalStateException("Expected sound indexes, but: " + what);
    }
    process.cluster().tally().count("indexes mended");
  }

  void giveUp(Damage damage) {
    store.giveUp(damage);
  }

  PartitionLog repair(PartitionId partition) {
    return store.repair(partition, LogConfig.DEFAULTS);
  }

  DataDirectory directory() {
    return directory;
  }

  void noteNodeEpoch(NodeEpoch epoch) {
    directory.noteNodeEpoch(epoch);
  }

  void closeCleanly(NodeEpoch epoch) {
    store.closeCleanly(epoch);
  }

  LogStore store() {
    return store;
  }

  SortedMap<PartitionId, PartitionLog> logs() {
    return store.logs();
  }

  Map<PartitionId, Damage> damaged() {
    return store.damaged();
  }

  /** As a node does with a replica that it has no more. */
  void putAway(PartitionId partition) {
    if (store.has(partition) || store.damaged().containsKey(partition)) {
      store.setAside(
          partition, SetAsideReason.REPLICA_MOVED, Keep.WHILE_THERE_IS_ROOM, "it was moved");
      process.cluster().tally().count("logs put away");
    }
  }

  boolean isDamaged(PartitionId partition) {
    return store.damaged().containsKey(partition);
  }

  PartitionLog logOf(PartitionId partition, LogConfig config) {
    return store.log(partition).orElseGet(() -> store.create(partition, config));
  }

  Map<PartitionId, String> describe() {
    var ends = new TreeMap<PartitionId, String>();
    store.logs().forEach((id, log) -> ends.put(id, log.end() + " " + log.epochs().latest()));
    store.damaged().forEach((id, damage) -> ends.put(id, damage.toString()));
    return ends;
  }

  private void checkpoint() {
    store.checkpointHighWatermarks();
    process.later(CHECKPOINT_NANOS, this::checkpoint);
  }

  // ---- group commit

  @Override
  public void force(PartitionId partition, ForceTicket ticket) {
    rounds.request(ticket, done -> process.post(partition, new Forced(done)));
    if (!isRoundDue) {
      isRoundDue = true;
      process.later(
          dice.between(World.MILLI / 10, process.cluster().scenario().forceNanosMax()),
          this::round);
    }
  }

  private void round() {
    long stuckNanos = stuckUntilNanos - process.world().nowNanos();
    if (stuckNanos > 0) {
      process.later(stuckNanos, this::round);
      return;
    }
    isRoundDue = false;
    rounds.runRound();
    if (!isRecordDue) {
      isRecordDue = true;
      process.later(dice.between(World.MILLI, RECORD_NANOS_MAX), this::record);
    }
  }

  private void record() {
    isRecordDue = false;
    rounds.forceRecord();
  }

  /** For so long no force comes to an end. */
  void stick(long nanos) {
    stuckUntilNanos = process.world().nowNanos() + nanos;
  }

  // ---- reads

  @Override
  public void read(
      PartitionId partition, SubscriptionId subscription, LogView log, long from, int bytesMax) {
    process.later(
        dice.between(World.MILLI / 10, 5 * World.MILLI),
        () -> {
          try {
            var slice = log.read(from, bytesMax, log.end());
            process.post(partition, new ReadDone(subscription, from, slice.batches()));
          } catch (LogDamagedException e) {
            process.post(partition, new DamageFound(e.damage()));
          } catch (RuntimeException e) {
            process.post(partition, new StorageFailed(e.toString()));
          }
        });
  }
}
