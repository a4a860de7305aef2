package dev.naru.broker.partition;

import dev.naru.broker.partition.PartitionInput.FetchWaits;
import dev.naru.broker.partition.PartitionInput.StartAsked;
import dev.naru.broker.partition.PartitionInput.TenantAsked;
import dev.naru.broker.replica.PartitionEvent.WentOffline;
import dev.naru.broker.replica.ProduceAsked;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.replica.ToFollower.Refusal;
import dev.naru.broker.replica.ToLeader;
import dev.naru.types.Refused;
import java.util.Optional;

/** Holds the log and does nothing with it: there is no leader, or this node may not act. */
final class OfflineRole implements Role {

  private final HeldPartition held;
  private final Refused why;

  OfflineRole(HeldPartition held, Refused why) {
    this.held = held;
    this.why = why;
  }

  @Override
  public void begin() {
    held.enter(PartitionRole.OFFLINE, 0);
    held.report(new WentOffline(held.leaderEpoch(), why));
  }

  @Override
  public void end() {}

  @Override
  public void produce(ProduceAsked asked) {
    held.refuse(asked.key(), asked.acks(), why);
  }

  @Override
  public void startAsked(StartAsked asked) {
    asked.done().accept(Optional.of(why));
  }

  @Override
  public void tenantAsked(TenantAsked asked) {
    asked.refused().accept(why);
  }

  @Override
  public void fetchWaits(FetchWaits waits) {
    held.ports().replies().fetchReady(waits.key());
  }

  @Override
  public void fromFollower(SubscriptionId from, ToLeader message) {
    if (message instanceof ToLeader.SubscribeRequest) {
      held.ports().links().toFollower(from, new Refusal(from.number(), why));
    }
  }
}
