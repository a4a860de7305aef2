package dev.naru.client.mock;

import dev.naru.client.ConsumerConfig;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Callbacks;
import dev.naru.client.consumer.GroupMembershipInfo;
import dev.naru.client.consumer.GroupSide;
import dev.naru.client.consumer.LostHistory;
import dev.naru.client.consumer.RebalanceListener;
import dev.naru.client.core.Grant;
import dev.naru.client.core.Ownership;
import dev.naru.client.core.Processed.Place;
import dev.naru.client.core.Reading;
import dev.naru.client.core.Subscription;
import dev.naru.client.core.Told;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A consumer in memory as the member of a group that has no other, unless the test says what is
 * granted. Owned by the thread that polls.
 */
final class MockMember implements GroupSide {

  private static final UUID ID = new UUID(0, 1);

  private final MockCluster cluster;
  private final ConsumerConfig config;
  private final String group;
  private final MockReadings readings;
  private final Callbacks callbacks;
  private final MockProgress progress;
  private final MockStarts starts;
  private Ownership ownership = new Ownership();
  private Optional<Subscription> subscription = Optional.empty();
  private RebalanceListener listener = NO_LISTENER;
  private Optional<Set<TopicPartition>> wanted = Optional.empty(); // by the test
  private SortedMap<PartitionId, Grant> grants = new TreeMap<>();
  private int incarnation;
  private int epoch;
  private boolean isLost;

  MockMember(
      MockCluster cluster,
      ConsumerConfig config,
      String group,
      MockReadings readings,
      Callbacks callbacks) {
    this.cluster = cluster;
    this.config = config;
    this.group = group;
    this.readings = readings;
    this.callbacks = callbacks;
    this.progress = new MockProgress(cluster, config, group, callbacks, this::whyNotCommitted);
    this.starts = new MockStarts(config, progress);
  }

  @Override
  public MockProgress progress() {
    return progress;
  }

  MockStarts starts() {
    return starts;
  }

  @Override
  public Optional<Subscription> subscription() {
    return subscription;
  }

  @Override
  public boolean isSubscribed() {
    return subscription.isPresent();
  }

  @Override
  public GroupMembershipInfo info() {
    var lease = isSubscribed() && epoch > 0 ? config.group().sessionTimeout() : Duration.ZERO;
    return new GroupMembershipInfo(
        group, ID, isSubscribed() ? epoch : 0, config.group().protocol(), lease);
  }

  @Override
  public void subscribe(Subscription to, Optional<RebalanceListener> heard) {
    if (subscription.isEmpty()) {
      cluster.changeGroup(group, MockGroup::joined);
      ownership = new Ownership();
      grants = new TreeMap<>();
      incarnation++;
      isLost = false;
    }
    subscription = Optional.of(to);
    listener = heard.orElse(NO_LISTENER);
  }

  /** From the next poll on the group grants just these. */
  void grant(Set<TopicPartition> partitions) {
    wanted = Optional.of(partitions);
  }

  /** The group has given everything away; the next poll but one is granted anew. */
  void lose() {
    isLost = true;
  }

  private Optional<NaruException> whyNotCommitted(TopicPartition partition) {
    cluster.ask(partition, MockLog::end); // else there is no such partition
    if (isSubscribed()) {
      boolean isMine =
          !isLost
              && (ownership.owned().stream().anyMatch(grant -> grant.name().equals(partition))
                  || grants.values().stream().anyMatch(grant -> grant.name().equals(partition)));
      return isMine
          ? Optional.empty()
          : Optional.of(
              new NaruException(
                  ErrorCode.FENCED_MEMBER,
                  partition + " was not committed: Expected it to be this member's, but is not"));
    }
    return cluster.inGroup(group, MockGroup::hasMembers)
        ? Optional.of(
            new NaruException(
                ErrorCode.GROUP_NOT_EMPTY,
                partition
                    + " was not committed: Expected "
                    + group
                    + " to have no members, because this consumer is none, but it has"))
        : Optional.empty();
  }

  /** Makes what is read what the group grants. */
  void run() {
    progress.callBack();
    readings.settle();
    starts.run(this::onPassedOver);
    if (isSubscribed()) {
      rebalance();
      readings.settle();
      starts.run(this::onPassedOver);
    }
    progress.commitInTime();
  }

  private void rebalance() {
    if (isLost) {
      isLost = false;
      incarnation++;
      grants = new TreeMap<>();
      ownership.told(Told.nothing(incarnation));
      lose(ownership.lost());
      return; // what is granted now is heard by the next poll
    }
    regrant();
    ownership.told(new Told(incarnation, epoch, grants, Optional.empty()));
    lose(ownership.lost());
    giveBack(ownership.toGiveBack());
    ownership.report();
    var taken = ownership.toTake();
    if (!taken.isEmpty()) {
      taken.forEach(grant ->
          starts.begin(
              readings.begin(grant.name(), Optional.of(grant.id().topic())), grant.isFromStart()));
      ownership.took(taken);
      callbacks.call(() -> listener.onPartitionsAssigned(namesOf(taken)));
    }
  }

  private void regrant() {
    var now = new TreeMap<PartitionId, Grant>();
    for (var partition : wantedNow()) {
      var topic = cluster.find(partition.topic());
      if (topic.isPresent() && partition.partition() < topic.get().partitionCount()) {
        var id = new PartitionId(topic.get().id(), partition.partition());
        var before = grants.get(id);
        now.put(id, before == null ? grantOf(id, partition) : before);
      }
    }
    if (!now.equals(grants) || epoch == 0) {
      epoch++;
      now.replaceAll((id, grant) -> grants.containsKey(id) ? grant : grantOf(id, grant.name()));
      grants = now;
    }
  }

  private Grant grantOf(PartitionId id, TopicPartition name) {
    boolean isNew = cluster.inGroup(group, known -> known.isNewHere(name));
    return new Grant(id, name, epoch, Optional.empty(), isNew);
  }

  /** What the test wants of the subscribed topics, or all of them. */
  private Set<TopicPartition> wantedNow() {
    var all = new TreeSet<TopicPartition>();
    for (var topic : subscription.orElseThrow().topics(cluster.topicNames())) {
      int count = cluster.find(topic).map(view -> view.partitionCount()).orElse(0);
      cluster.changeGroup(group, known -> known.wants(topic, count));
      for (int i = 0; i < count; i++) {
        all.add(new TopicPartition(topic, i));
      }
    }
    wanted.ifPresent(all::retainAll);
    return all;
  }

  private void lose(List<Grant> lost) {
    if (!lost.isEmpty()) {
      drop(lost);
      callbacks.call(() -> listener.onPartitionsLost(namesOf(lost)));
    }
  }

  private void giveBack(List<Grant> back) {
    if (!back.isEmpty()) {
      progress.commitProcessed(namesOf(back));
      callbacks.call(() -> listener.onPartitionsRevoked(namesOf(back)));
      drop(back);
    }
  }

  private void drop(List<Grant> gone) {
    for (var grant : gone) {
      starts.drop(grant.name());
      readings.drop(grant.name());
    }
    ownership.dropped(gone);
  }

  private static SortedSet<TopicPartition> namesOf(List<Grant> grants) {
    var names = new TreeSet<TopicPartition>();
    grants.forEach(grant -> names.add(grant.name()));
    return names;
  }

  private void onPassedOver(TopicPartition partition, long from, long to) {
    if (to > from) {
      callbacks.call(() -> listener.onRecordsExpired(partition, from, to));
    }
  }

  /** Asks the listener whether reading is to go on where history was cut; else poll throws. */
  void askAboutCuts() {
    LostHistory.ask(readings, callbacks, listener, this::goesOn);
  }

  private void goesOn(Reading reading, Place end) {
    starts.sought(reading.partition(), end);
    var anew = new TreeMap<TopicPartition, Place>();
    anew.put(reading.partition(), end);
    progress.commit(anew);
  }

  @Override
  public void assigned(Reading reading) {
    starts.begin(reading, false);
  }

  @Override
  public void unassigned(Collection<TopicPartition> partitions) {
    progress.commitProcessed(partitions);
    partitions.forEach(starts::drop);
  }

  @Override
  public void sought(Reading reading, Place to) {
    starts.sought(reading.partition(), to);
  }

  @Override
  public void sought(Reading reading) {
    starts.sought(reading);
  }

  @Override
  public void putBack(Reading reading, Place from) {
    starts.putBack(reading.partition(), from);
  }

  @Override
  public void awaitStart(TopicPartition partition) {} // it is known at once

  @Override
  public void throwWhatWasThrown() {
    callbacks.throwWhatWasThrown();
  }

  @Override
  public void leave() {
    if (subscription.isEmpty()) {
      return;
    }
    if (isLost) {
      rebalance();
    }
    giveBack(ownership.owned());
    subscription = Optional.empty();
    cluster.changeGroup(group, MockGroup::left);
  }
}
