package dev.naru.client.consumer;

import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.Subscription;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What every consumer does alike, wherever its records come from: it belongs to one thread at a
 * time, reads what is assigned or what its group grants, and goes where it is sent. Those who
 * extend it have the records and know where offsets are.
 */
@SuppressWarnings("try") // a call is entered for its end only
public abstract class OneThreadConsumer<K, V> implements Consumer<K, V> {

  private final OneThread oneThread = new OneThread();
  private boolean isClosed;

  /** Nothing is read yet. */
  protected OneThreadConsumer() {}

  /** Who is inside. */
  protected final OneThread oneThread() {
    return oneThread;
  }

  /** What it reads. */
  protected abstract Readings readings();

  /** Its group, if it has one. */
  protected abstract Optional<? extends GroupSide> groupSide();

  /** The offset of a place in a partition, now; waits for it. */
  protected abstract long offsetOf(TopicPartition partition, Position place);

  /** What the clock on the wall shows, in milliseconds of the epoch. */
  protected abstract long wallMillis();

  /** A call has begun, and not within a callback. */
  protected void entered() {}

  /** The consumer has been closed: ends everything, within this time. */
  protected abstract void end(Duration limit);

  private GroupSide requiredGroup() {
    var side = groupSide();
    if (side.isEmpty()) {
      throw new NaruException(
          ErrorCode.INVALID_GROUP_ID,
          "Expected a group.id to subscribe or to commit with, but there is none");
    }
    return side.get();
  }

  @Override
  public final void assign(Collection<TopicPartition> partitions) {
    try (var call = enterFromOutside()) {
      if (groupSide().filter(GroupSide::isSubscribed).isPresent()) {
        throw new IllegalStateException(
            "Expected no subscription, but there is one to "
                + groupSide().flatMap(GroupSide::subscription).orElseThrow()
                + "; unsubscribe first");
      }
      assignOnly(new TreeSet<>(partitions));
    }
  }

  private void assignOnly(Set<TopicPartition> wanted) {
    var gone = new TreeSet<>(readings().names());
    gone.removeAll(wanted);
    groupSide().ifPresent(group -> group.unassigned(gone));
    gone.forEach(readings()::drop);
    for (var partition : wanted) {
      if (readings().find(partition).isEmpty()) {
        var reading = readings().begin(partition, Optional.empty());
        groupSide().ifPresent(group -> group.assigned(reading));
      }
    }
  }

  @Override
  public final Set<TopicPartition> assignment() {
    try (var call = enter()) {
      return readings().names();
    }
  }

  @Override
  public final void subscribe(Collection<String> topics, RebalanceListener listener) {
    subscribe(Subscription.to(topics), Optional.of(listener));
  }

  @Override
  public final void subscribe(Collection<String> topics) {
    subscribe(Subscription.to(topics), Optional.empty());
  }

  @Override
  public final void subscribe(Pattern names, RebalanceListener listener) {
    subscribe(Subscription.matching(names), Optional.of(listener));
  }

  @Override
  public final void subscribe(Pattern names) {
    subscribe(Subscription.matching(names), Optional.empty());
  }

  private void subscribe(Subscription wanted, Optional<RebalanceListener> listener) {
    try (var call = enterFromOutside()) {
      var group = requiredGroup();
      if (!group.isSubscribed() && !readings().all().isEmpty()) {
        throw new IllegalStateException(
            "Expected no partitions to be assigned, but were "
                + readings().names()
                + "; unsubscribe first");
      }
      group.subscribe(wanted, listener);
    }
  }

  @Override
  public final void unsubscribe() {
    try (var call = enterFromOutside()) {
      groupSide().ifPresent(GroupSide::leave);
      assignOnly(Set.of());
      groupSide().ifPresent(GroupSide::throwWhatWasThrown);
    }
  }

  @Override
  public final Optional<Subscription> subscription() {
    try (var call = enter()) {
      return groupSide().flatMap(GroupSide::subscription);
    }
  }

  @Override
  public final GroupMembershipInfo group() {
    try (var call = enter()) {
      return requiredGroup().info();
    }
  }

  @Override
  public final void seek(TopicPartition partition, long offset) {
    seek(partition, new OffsetAndMetadata(offset));
  }

  @Override
  public final void seek(TopicPartition partition, OffsetAndMetadata position) {
    try (var call = enter()) {
      var reading = readings().of(partition);
      var place = Places.of(position);
      reading.resume(Optional.empty(), place.offset(), place.epoch());
      groupSide().ifPresent(group -> group.sought(reading, place));
    }
  }

  @Override
  public final void putBack(TopicPartition partition, OffsetAndMetadata from) {
    try (var call = enter()) {
      var reading = readings().of(partition);
      var place = Places.of(from);
      reading.putBack(place.offset(), place.epoch());
      groupSide().ifPresent(group -> group.putBack(reading, place));
    }
  }

  @Override
  public final void seekToBeginning(TopicPartition... partitions) {
    seekTo(Position.beginning(), partitions);
  }

  @Override
  public final void seekToEnd(TopicPartition... partitions) {
    seekTo(Position.end(), partitions);
  }

  @Override
  public final void seekToTime(TopicPartition partition, Instant time) {
    seekTo(Position.time(time), partition);
  }

  private void seekTo(Position position, TopicPartition... partitions) {
    try (var call = enter()) {
      for (var partition : partitions) {
        var reading = readings().of(partition);
        reading.seek(position);
        groupSide().ifPresent(group -> group.sought(reading));
      }
    }
  }

  @Override
  public final long position(TopicPartition partition) {
    try (var call = enter()) {
      var reading = readings().of(partition);
      groupSide().ifPresent(group -> group.awaitStart(partition));
      reading
          .whyNowhere()
          .ifPresent(why -> {
            throw why;
          });
      reading.target().ifPresent(target -> reading.settle(offsetOf(partition, target)));
      return reading.position().orElseThrow();
    }
  }

  @Override
  public final OptionalLong lag(TopicPartition partition) {
    try (var call = enter()) {
      return readings().of(partition).lag();
    }
  }

  @Override
  public final void commit() {
    try (var call = enter()) {
      var progress = requiredGroup().progress();
      progress.commitNow(progress.handedOut());
    }
  }

  @Override
  public final void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    try (var call = enter()) {
      requiredGroup().progress().commitNow(new TreeMap<>(offsets));
    }
  }

  @Override
  public final void commitAsync() {
    try (var call = enter()) {
      var progress = requiredGroup().progress();
      progress.commitLater(progress.handedOut(), Optional.empty());
    }
  }

  @Override
  public final void commitAsync(CommitCallback callback) {
    try (var call = enter()) {
      var progress = requiredGroup().progress();
      progress.commitLater(progress.handedOut(), Optional.of(callback));
    }
  }

  @Override
  public final void commitAsync(
      Map<TopicPartition, OffsetAndMetadata> offsets, CommitCallback callback) {
    try (var call = enter()) {
      requiredGroup().progress().commitLater(new TreeMap<>(offsets), Optional.of(callback));
    }
  }

  @Override
  public final Map<TopicPartition, OffsetAndMetadata> committed(
      Collection<TopicPartition> partitions) {
    try (var call = enter()) {
      return requiredGroup().progress().committed(partitions);
    }
  }

  @Override
  public final void pause(TopicPartition... partitions) {
    setPaused(true, partitions);
  }

  @Override
  public final void resume(TopicPartition... partitions) {
    setPaused(false, partitions);
  }

  private void setPaused(boolean isPaused, TopicPartition... partitions) {
    try (var call = enter()) {
      for (var partition : partitions) {
        readings().of(partition).pause(isPaused);
      }
    }
  }

  @Override
  public final Set<TopicPartition> paused() {
    try (var call = enter()) {
      return readings().paused();
    }
  }

  @Override
  public final void readUntil(TopicPartition partition, Position stop) {
    try (var call = enter()) {
      var reading = readings().of(partition);
      if (stop instanceof Position.Time time && isAhead(time.time())) {
        reading.stopAtTime(time.time().toEpochMilli());
      } else {
        reading.stopAt(offsetOf(partition, stop));
      }
    }
  }

  /** Records of that time are still to come, so the place is not settled before one is seen. */
  private boolean isAhead(Instant time) {
    return time.toEpochMilli() > wallMillis();
  }

  @Override
  public final boolean isAtStop() {
    try (var call = enter()) {
      return readings().areAllAtStop();
    }
  }

  @Override
  public final void close(Duration limit) {
    try (var call = oneThread.enterFromOutside()) {
      if (!isClosed) {
        isClosed = true;
        end(limit);
      }
    }
  }

  /** Whether the application has closed it. For the thread that uses it. */
  protected boolean isClosed() {
    return isClosed;
  }

  /** Begins a call. */
  protected final OneThread.Call enter() {
    return entered(oneThread.enter());
  }

  /** Begins a call that cannot be made from a callback. */
  protected final OneThread.Call enterFromOutside() {
    return entered(oneThread.enterFromOutside());
  }

  private OneThread.Call entered(OneThread.Call call) {
    if (!oneThread.isCallingBack()) {
      if (isClosed) {
        call.close();
        throw new IllegalStateException("Expected an open consumer, but it is closed");
      }
      entered();
    }
    return call;
  }
}
