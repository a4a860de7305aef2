package dev.naru.broker.partition;

import dev.naru.broker.replica.KnownLeader;
import dev.naru.broker.replica.PartitionEvent;
import dev.naru.broker.replica.ProduceKey;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.replica.ToFollower;
import dev.naru.broker.replica.ToLeader;
import dev.naru.log.ForceTicket;
import dev.naru.log.LogView;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.DeclareLoss;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The outside of a partition, which remembers what it was told. */
final class Outside implements Links, Replies, Forcing, Reads, Proposals, Notices {

  /** An answer: the offset, or the code of a refusal. */
  record Answer(long request, OptionalLong offset, Optional<ErrorCode> refused) {}

  record Read(SubscriptionId subscription, long from, int bytesMax) {}

  final List<ToFollower> toFollowers = new ArrayList<>();
  final List<ToLeader> toLeader = new ArrayList<>();
  final List<Answer> answers = new ArrayList<>();

  /** Requests of which it was said that nothing was appended for them. */
  final List<Long> notAppended = new ArrayList<>();

  /** Requests that were told a time of their records. */
  final List<Long> stamped = new ArrayList<>();

  final List<FetchKey> ready = new ArrayList<>();
  final List<ForceTicket> tickets = new ArrayList<>();
  final List<Read> reads = new ArrayList<>();
  final List<PartitionEvent> events = new ArrayList<>();
  final List<DeclareLoss> declared = new ArrayList<>();
  Runnable onAnswer = () -> {};

  final MovePace pace = new MovePace(Long.MAX_VALUE, 0);
  private long subscriptions;

  PartitionPorts ports() {
    return new PartitionPorts(this, this, this, this, this, this, new TailBudget(1 << 20), pace);
  }

  <T> List<T> toFollowers(Class<T> kind) {
    return toFollowers.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  <T> List<T> toLeader(Class<T> kind) {
    return toLeader.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Override
  public long nextSubscription() {
    return ++subscriptions;
  }

  @Override
  public void toLeader(NodeId leader, ToLeader message) {
    toLeader.add(message);
  }

  @Override
  public void toFollower(SubscriptionId subscription, ToFollower message) {
    toFollowers.add(message);
  }

  @Override
  public void produced(ProduceKey key, long firstOffset, OptionalLong appendMillis) {
    appendMillis.ifPresent(_ -> stamped.add(key.request()));
    answers.add(new Answer(key.request(), OptionalLong.of(firstOffset), Optional.empty()));
    onAnswer.run();
  }

  @Override
  public void refused(
      ProduceKey key, Refused why, Appended appended, Optional<KnownLeader> leader) {
    if (appended == Appended.NO) {
      notAppended.add(key.request());
    }
    answers.add(new Answer(key.request(), OptionalLong.empty(), Optional.of(why.code())));
  }

  @Override
  public void fetchReady(FetchKey key) {
    ready.add(key);
  }

  @Override
  public void force(PartitionId partition, ForceTicket ticket) {
    tickets.add(ticket);
  }

  @Override
  public void read(
      PartitionId partition, SubscriptionId subscription, LogView log, long from, int bytesMax) {
    reads.add(new Read(subscription, from, bytesMax));
  }

  @Override
  public void propose(AlterPartition proposal) {}

  @Override
  public void declare(DeclareLoss loss) {
    declared.add(loss);
  }

  @Override
  public void report(PartitionId partition, PartitionEvent event) {
    events.add(event);
  }
}
