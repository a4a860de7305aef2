package dev.naru.broker.peer;

import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.PartitionInput.ReadDone;
import dev.naru.broker.partition.Reads;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.rpc.ReadFaults;
import dev.naru.log.LogView;
import dev.naru.record.BatchBytes;
import dev.naru.types.PartitionId;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads for followers that are behind. A read begins only when the follower's stream has sent most
 * of what was read before, so that a slow follower holds a little memory, however many partitions
 * it follows.
 */
public final class LinkReads implements Reads {

  private final Executor pool;
  private final FollowerLinks links;
  private final ReadFaults faults;

  /** Set once, before the first partition has a role; read by the pool. */
  private volatile @Nullable PartitionDirectory directory;

  /** Reads on this pool for these followers. */
  public LinkReads(Executor pool, FollowerLinks links, ReadFaults faults) {
    this.pool = pool;
    this.links = links;
    this.faults = faults;
  }

  /** From now on what was read goes to these partitions. */
  public void route(PartitionDirectory partitions) {
    directory = partitions;
  }

  @Override
  public void read(
      PartitionId partition, SubscriptionId subscription, LogView log, long from, int bytesMax) {
    var known = directory;
    var seat = known == null ? Optional.<PartitionSeat>empty() : known.seat(partition);
    if (seat.isEmpty()) {
      return;
    }
    links
        .of(subscription)
        .ifPresent(link ->
            link.whenRoom(() -> submit(seat.get()::tell, subscription, log, from, bytesMax)));
  }

  void submit(
      BiConsumer<PartitionInput, Runnable> partition,
      SubscriptionId subscription,
      LogView log,
      long from,
      int bytesMax) {
    try {
      pool.execute(() -> perform(partition, subscription, log, from, bytesMax));
    } catch (RejectedExecutionException e) {
      // The partition asks again with its next tick, when there may be less to do.
      partition.accept(new ReadDone(subscription, from, BatchBytes.EMPTY), () -> {});
    }
  }

  private void perform(
      BiConsumer<PartitionInput, Runnable> partition,
      SubscriptionId subscription,
      LogView log,
      long from,
      int bytesMax) {
    try {
      var batches = log.read(from, bytesMax, log.end()).batches();
      partition.accept(new ReadDone(subscription, from, batches), batches::release);
    } catch (RuntimeException e) {
      var _ = faults.readFailed(log.id(), e);
    }
  }
}
