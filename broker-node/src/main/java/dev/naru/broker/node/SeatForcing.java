package dev.naru.broker.node;

import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.partition.Forcing;
import dev.naru.broker.partition.PartitionInput.Forced;
import dev.naru.log.ForceTicket;
import dev.naru.log.store.LogStore;
import dev.naru.types.PartitionId;
import org.jspecify.annotations.Nullable;

/** Brings a partition's wish to be forced to its directory's group commit, and the ticket back. */
final class SeatForcing implements Forcing {

  private final LogStore store;

  /** Set once, before the first partition has a role; read by group commits. */
  private volatile @Nullable PartitionDirectory directory;

  SeatForcing(LogStore store) {
    this.store = store;
  }

  /** From now on tickets come back to these partitions. */
  void route(PartitionDirectory partitions) {
    directory = partitions;
  }

  @Override
  public void force(PartitionId partition, ForceTicket ticket) {
    store.rounds(store.directoryOf(partition)).request(ticket, this::forced);
  }

  private void forced(ForceTicket ticket) {
    var known = directory;
    if (known != null) {
      known.seat(ticket.partition()).ifPresent(seat -> seat.tell(new Forced(ticket)));
    }
  }
}
