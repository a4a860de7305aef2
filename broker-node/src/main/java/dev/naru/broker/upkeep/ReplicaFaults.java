package dev.naru.broker.upkeep;

import dev.naru.broker.events.EventCode;
import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.loop.PartitionFaults;
import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.partition.PartitionInput.DamageFound;
import dev.naru.broker.partition.PartitionInput.SealLost;
import dev.naru.broker.partition.PartitionInput.StorageFailed;
import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.rpc.ReadFaults;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.disk.StorageException;
import dev.naru.log.store.LogStore;
import dev.naru.metadata.command.GiveUpCause;
import dev.naru.metadata.command.GiveUpReplicas;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.CommandSubmitter;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What this node does when it can no longer vouch for some of its replicas: it takes them out of
 * use and tells the controller, which lets others lead. A fault in one partition stops that
 * partition, a failed directory all that lie in it; nothing is retried.
 */
public final class ReplicaFaults implements PartitionFaults, ReadFaults {

  private static final Logger LOG = LogManager.getLogger(ReplicaFaults.class);

  /** Between tries to tell the controller, each of which waits for one by itself. */
  private static final long AGAIN_SECONDS = 1;

  private final LogStore store;
  private final ReplicaRepairs repairs;
  private final ScheduledExecutorService chores;
  private final NodeMeters meters;

  /** What a registered node has besides. */
  private record Serving(
      LocalNode self, PartitionDirectory directory, CommandSubmitter controller) {}

  /** Set once, before the first partition has a role; read by any thread. */
  private volatile @Nullable Serving serving;

  public ReplicaFaults(
      LogStore store, ReplicaRepairs repairs, ScheduledExecutorService chores, NodeMeters meters) {
    this.store = store;
    this.repairs = repairs;
    this.chores = chores;
    this.meters = meters;
  }

  /** From now on faults concern these partitions. */
  public void serve(LocalNode self, PartitionDirectory directory, CommandSubmitter controller) {
    serving = new Serving(self, directory, controller);
  }

  /** A whole data directory is out of use. From any thread, once a directory. */
  public void directoryFailed(StorageException failure) {
    meters.count(EventCode.STORAGE_FAILED);
    LOG.error(
        EventCode.STORAGE_FAILED.marker(),
        "The data directory {} is out of use; its partitions move to other nodes",
        failure.location(),
        failure);
    chores.execute(() -> giveUpAllIn(failure));
  }

  private void giveUpAllIn(StorageException failure) {
    var node = serving;
    if (node == null) {
      return; // nothing was taken into use yet
    }
    var lost =
        node.directory().seats().stream().filter(seat -> isIn(seat, failure.location())).toList();
    lost.forEach(seat -> seat.tell(new StorageFailed(String.valueOf(failure.getMessage()))));
    giveUp(lost.stream().map(PartitionSeat::id).toList(), GiveUpCause.STORAGE_FAILED);
  }

  private boolean isIn(PartitionSeat seat, String location) {
    return store.log(seat.id()).isPresent()
        && store.directoryOf(seat.id()).location().equals(location);
  }

  @Override
  public Refused readFailed(PartitionId partition, RuntimeException fault) {
    return switch (fault) {
      case StorageException failed ->
          new Refused(ErrorCode.STORAGE_FAILED, String.valueOf(failed.getMessage()));
      case LogDamagedException damaged -> {
        stopServing(partition, damaged.damage());
        yield new Refused(
            ErrorCode.NOT_LEADER,
            "Expected a usable log of %s, but it is out of use here: %s"
                .formatted(partition, damaged.damage()));
      }
      default -> {
        LOG.error(
            EventCode.INTERNAL_FAULT.marker(),
            "Reading {} failed with a fault of Naru",
            partition,
            fault);
        yield new Refused(ErrorCode.INTERNAL, "Expected to read " + partition + ", but: " + fault);
      }
    };
  }

  /** A reader has found damage: the partition itself says so then, and gives its log up. */
  private void stopServing(PartitionId partition, Damage damage) {
    var node = serving;
    if (node != null) {
      node.directory().seat(partition).ifPresent(seat -> seat.tell(new DamageFound(damage)));
    }
  }

  /** A segment is whole, but its seal is not; the log's owner writes it again. */
  public void sealLost(PartitionId partition, long segmentBase) {
    var node = serving;
    if (node != null) {
      node.directory().seat(partition).ifPresent(seat -> seat.tell(new SealLost(segmentBase)));
    }
  }

  /** A partition found its own log damaged and does nothing with it any more. */
  public void damaged(Damage damage) {
    var partition = damage.partition();
    chores.execute(() -> repairs.found(damage));
    giveUp(
        List.of(partition),
        GiveUpCause.DAMAGED,
        index -> chores.execute(() -> repairs.ruledOut(partition, index)));
  }

  @Override
  public void stopped(PartitionSeat seat, RuntimeException fault) {
    meters.count(EventCode.PARTITION_FAILED);
    LOG.error(
        EventCode.PARTITION_FAILED.marker(),
        "Partition {} is out of use here because of a fault of Naru",
        seat.id(),
        fault);
    giveUp(List.of(seat.id()), GiveUpCause.STORAGE_FAILED);
  }

  public void notOpened(PartitionId partition, RuntimeException fault) {
    meters.count(EventCode.PARTITION_FAILED);
    LOG.error(
        EventCode.PARTITION_FAILED.marker(), "The log of {} could not be opened", partition, fault);
    giveUp(List.of(partition), GiveUpCause.STORAGE_FAILED);
  }

  public void notPutAway(PartitionId partition, RuntimeException fault) {
    LOG.error(
        EventCode.INTERNAL_FAULT.marker(),
        "The log of {} could not be put aside; it stays where it is",
        partition,
        fault);
  }

  /** The controller hears of it, sooner or later: without an answer it is told again. */
  private void giveUp(List<PartitionId> partitions, GiveUpCause cause) {
    giveUp(partitions, cause, _ -> {});
  }

  /**
   * The same.
   *
   * @param done told the index of the command in the metadata log
   */
  private void giveUp(List<PartitionId> partitions, GiveUpCause cause, LongConsumer done) {
    var node = serving;
    if (node == null) {
      return;
    }
    for (int from = 0; from < partitions.size(); from += MetadataCommand.ENTRIES_MAX) {
      var part =
          partitions.subList(from, Math.min(partitions.size(), from + MetadataCommand.ENTRIES_MAX));
      var command = new GiveUpReplicas(node.self().id(), node.self().epoch(), part, cause);
      submit(node, command, done);
    }
  }

  private void submit(Serving node, GiveUpReplicas command, LongConsumer done) {
    var _ =
        node.controller()
            .submit(command)
            .whenComplete((outcome, fault) -> {
              if (fault != null || mayBeHeardLater(outcome)) {
                submitAgain(node, command, done);
                return;
              }
              LOG.info("Gave up {}: {}", command.partitions(), outcome);
              if (outcome instanceof Outcome.Accepted(long index)) {
                done.accept(index);
              }
            });
  }

  private static boolean mayBeHeardLater(Outcome outcome) {
    return outcome instanceof Outcome.NotAppended(var why, _) && why.code().isRetriable();
  }

  private void submitAgain(Serving node, GiveUpReplicas command, LongConsumer done) {
    // Not done if the node stops meanwhile, and with it every claim to these replicas.
    var _ = chores.schedule(() -> submit(node, command, done), AGAIN_SECONDS, TimeUnit.SECONDS);
  }
}
