package dev.naru.broker.peer;

import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.loop.ReadPool;
import dev.naru.broker.partition.PartitionInput.FollowerLost;
import dev.naru.broker.partition.PartitionInput.ReadDone;
import dev.naru.broker.partition.Reads;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.rpc.ReadFaults;
import dev.naru.log.LogView;
import dev.naru.types.PartitionId;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads for followers that are behind. A read begins only when the follower's stream has sent most
 * of what was read before, so that a slow follower holds a little memory, however many partitions
 * it follows.
 */
public final class LinkReads implements Reads {

  private final ReadPool pool;
  private final FollowerLinks links;
  private final ReadFaults faults;

  /** Set once, before the first partition has a role; read by the pool. */
  private volatile @Nullable PartitionDirectory directory;

  /** Reads on this pool for these followers. */
  public LinkReads(ReadPool pool, FollowerLinks links, ReadFaults faults) {
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
        .ifPresent(
            link -> link.whenRoom(() -> submit(seat.get(), subscription, log, from, bytesMax)));
  }

  private void submit(
      PartitionSeat seat, SubscriptionId subscription, LogView log, long from, int bytesMax) {
    try {
      pool.execute(() -> perform(seat, subscription, log, from, bytesMax));
    } catch (RejectedExecutionException e) {
      seat.tell(new FollowerLost(subscription)); // it subscribes again, when there is less to do
    }
  }

  private void perform(
      PartitionSeat seat, SubscriptionId subscription, LogView log, long from, int bytesMax) {
    try {
      var slice = log.read(from, bytesMax, log.end());
      if (slice.isEmpty()) {
        seat.tell(new FollowerLost(subscription)); // the log was cut under the reader
      } else {
        seat.tell(new ReadDone(subscription, from, slice.batches()));
      }
    } catch (RuntimeException e) {
      var _ = faults.readFailed(seat.id(), e);
    }
  }
}
