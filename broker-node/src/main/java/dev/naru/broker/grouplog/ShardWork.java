package dev.naru.broker.grouplog;

import dev.naru.broker.coordinator.GroupLogFormat;
import dev.naru.broker.coordinator.GroupLogPage;
import dev.naru.broker.coordinator.GroupWork;
import dev.naru.broker.coordinator.ShardInput;
import dev.naru.broker.coordinator.ShardInput.PageRead;
import dev.naru.broker.coordinator.ShardInput.PageUnreadable;
import dev.naru.broker.coordinator.ShardInput.TargetComputed;
import dev.naru.broker.coordinator.ShardInput.TargetPutOff;
import dev.naru.broker.coordinator.UnreadableGroupException;
import dev.naru.broker.events.EventCode;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.GroupMachine;
import dev.naru.broker.group.TopicsSeen;
import dev.naru.broker.partition.PartitionAddress;
import dev.naru.broker.partition.PartitionInput.TenantTold;
import dev.naru.broker.partition.TenantLog;
import dev.naru.broker.rpc.ReadFaults;
import dev.naru.log.LogView;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.disk.StorageException;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Does for coordinators what waits for a disk or takes long to compute, and puts what came of it
 * into the mailbox of the partition.
 */
public final class ShardWork implements GroupWork {

  private static final Logger LOG = LogManager.getLogger(ShardWork.class);

  /** As followers read: bound by the disk, and in memory twice for a coordinator that loads. */
  private static final int PAGE_BYTES = 1 << 20;

  private final Executor reads;
  private final Executor targets;
  private final GroupLogFormat format;
  private final ReadFaults faults;

  /** Set once, before the first partition has a role; read by the pools. */
  private volatile @Nullable Function<PartitionId, Optional<? extends PartitionAddress>> addresses;

  /**
   * Reads and computes on these.
   *
   * @param targets for those of large groups, one after the other
   * @param faults told of a log that cannot be read
   */
  public ShardWork(Executor reads, Executor targets, GroupLogFormat format, ReadFaults faults) {
    this.reads = reads;
    this.targets = targets;
    this.format = format;
    this.faults = faults;
  }

  /** From now on what is done is told to these partitions. */
  public void route(Function<PartitionId, Optional<? extends PartitionAddress>> partitions) {
    addresses = partitions;
  }

  @Override
  public void read(TenantLog log, long from) {
    var view = log.view();
    var epoch = log.epoch();
    long below = log.epochStart();
    try {
      reads.execute(() -> perform(view, epoch, from, below));
    } catch (RejectedExecutionException e) {
      // Nothing was read: it asks again with its next tick, when there may be less to do.
      tell(view.id(), epoch, new PageRead(from, from, List.of()));
    }
  }

  private void perform(LogView view, LeaderEpoch epoch, long from, long below) {
    try {
      var slice = view.read(from, PAGE_BYTES, below);
      try {
        var changes = GroupLogPage.read(slice.batches(), format);
        tell(view.id(), epoch, new PageRead(from, slice.nextOffset(), changes));
      } finally {
        slice.batches().release();
      }
    } catch (UnreadableGroupException unreadable) {
      tell(view.id(), epoch, new PageUnreadable(unreadable.why()));
    } catch (StorageException | LogDamagedException e) {
      var _ = faults.readFailed(view.id(), e); // which ends the leadership
    } catch (RuntimeException e) {
      tell(view.id(), epoch, new PageUnreadable(faults.readFailed(view.id(), e)));
    }
  }

  @Override
  public void compute(TenantLog log, GroupImage image, TopicsSeen topics) {
    var partition = log.id();
    var epoch = log.epoch();
    try {
      targets.execute(() -> perform(partition, epoch, image, topics));
    } catch (RejectedExecutionException e) {
      tell(partition, epoch, new TargetPutOff(image.group()));
    }
  }

  private void perform(
      PartitionId partition, LeaderEpoch epoch, GroupImage image, TopicsSeen topics) {
    try {
      var target = GroupMachine.target(image, topics);
      int basedOn = image.header().map(header -> header.interestEpoch()).orElse(0);
      tell(partition, epoch, new TargetComputed(image.group(), target, basedOn, topics));
    } catch (RuntimeException e) {
      LOG.error(
          EventCode.INTERNAL_FAULT.marker(), "No target was found for group {}", image.group(), e);
      tell(partition, epoch, new TargetPutOff(image.group()));
    }
  }

  private void tell(PartitionId partition, LeaderEpoch epoch, ShardInput input) {
    var known = addresses;
    if (known != null) {
      known.apply(partition).ifPresent(address -> address.tell(new TenantTold(epoch, input)));
    }
  }
}
