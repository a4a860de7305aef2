package dev.naru.chaos.load;

import static java.util.Objects.requireNonNull;

import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.consumer.OffsetAndMetadata;
import dev.naru.client.consumer.RebalanceListener;
import dev.naru.testing.history.Operation.OfMember.Assigned;
import dev.naru.testing.history.Operation.OfMember.CommitInvoked;
import dev.naru.testing.history.Operation.OfMember.Committed;
import dev.naru.testing.history.Operation.OfMember.Joined;
import dev.naru.testing.history.Operation.OfMember.Leased;
import dev.naru.testing.history.Operation.OfMember.Lost;
import dev.naru.testing.history.Operation.OfMember.Revoked;
import dev.naru.testing.history.Operation.Polled;
import dev.naru.testing.history.Operation.Positioned;
import dev.naru.testing.history.PartitionName;
import dev.naru.testing.history.Payload;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One member of a group. It polls all the time, commits what it was given every so often and before
 * it gives partitions back, and takes all of that down.
 */
public final class GroupMember implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final long AFTER_A_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final MemberRole role;
  private final NaruClient client;
  private final Optional<String> instance;
  private final Recorder recorder;
  private final Progress progress;
  private final Thread thread;
  private final Map<TopicPartition, OffsetAndMetadata> toCommit = new TreeMap<>(); // the thread's
  private long commitNanos = System.nanoTime(); // when the next one is due; the thread's
  private volatile Set<TopicPartition> assigned = Set.of(); // for who asks
  private volatile boolean readsMore; // told by who asks, done by the thread
  private volatile boolean isClosed; // written by who closes, read by the thread

  private GroupMember(
      String name,
      MemberRole role,
      NaruClient client,
      Optional<String> instance,
      Recorder recorder,
      Progress progress) {
    this.role = role;
    this.client = client;
    this.instance = instance;
    this.recorder = recorder;
    this.progress = progress;
    this.thread = Thread.ofPlatform().name(name).start(this::read);
  }

  /**
   * Begins.
   *
   * @param instance {@code group.instance.id}, if it has one
   */
  static GroupMember begin(
      String name,
      MemberRole role,
      NaruClient client,
      Optional<String> instance,
      Recorder recorder,
      Progress progress) {
    return new GroupMember(name, role, client, instance, recorder, progress);
  }

  /** What it has now, of the topic that all read. */
  Set<TopicPartition> assigned() {
    return assigned;
  }

  /** Subscribes to the other topic, too. */
  void readMore() {
    readsMore = true;
  }

  private void read() {
    recorder.record(new Joined(System.nanoTime(), role.number()));
    var settings = role.applyTo(client.consumer(Codec.bytes(), Codec.bytes()), instance);
    try (var consumer = settings.build()) {
      var listener = new Listener(consumer);
      consumer.subscribe(List.of(role.topic()), listener);
      boolean isMore = false;
      while (!isClosed) {
        if (readsMore && !isMore) {
          isMore = true;
          consumer.subscribe(List.of(role.topic(), role.other()), listener);
        }
        turn(consumer);
      }
    } catch (NaruException e) {
      progress.complain("member: " + e.code() + ": " + e.getMessage());
    }
  }

  private void turn(Consumer<byte[], byte[]> consumer) {
    try {
      long asked = System.nanoTime();
      recorder.record(new Leased(asked, asked + consumer.group().lease().toNanos()));
      var records = consumer.poll(POLL);
      long now = System.nanoTime();
      records.forEach(rec -> polled(rec, now));
      recorder.flush();
      progress.read(records.size());
      if (now - commitNanos >= 0) {
        commitNanos = now + role.commitEvery().toNanos();
        commitLater(consumer);
      }
    } catch (NaruException e) {
      progress.complain("member: " + e.code());
      LockSupport.parkNanos(AFTER_A_FAILURE_NANOS);
    }
  }

  private void polled(ConsumerRecord<byte[], byte[]> rec, long now) {
    recorder.record(
        new Polled(
            now,
            new PartitionName(rec.topic(), rec.partition()),
            rec.offset(),
            rec.leaderEpoch(),
            Payload.read(requireNonNull(rec.value()))));
    toCommit.put(
        new TopicPartition(rec.topic(), rec.partition()),
        new OffsetAndMetadata(rec.offset() + 1, OptionalInt.of(rec.leaderEpoch()), ""));
  }

  private void commitLater(Consumer<byte[], byte[]> consumer) {
    if (toCommit.isEmpty()) {
      return;
    }
    var offsets = new TreeMap<>(toCommit);
    toCommit.clear();
    long invoked = invoke(offsets);
    consumer.commitAsync(
        offsets,
        (_, failure) -> {
          if (failure == null) {
            committed(invoked, offsets);
          } else {
            progress.complain("commit: " + failure.code());
          }
        });
  }

  /** Takes down what is about to be committed. */
  private long invoke(Map<TopicPartition, OffsetAndMetadata> offsets) {
    long now = System.nanoTime();
    offsets.forEach((partition, offset) ->
        recorder.record(new CommitInvoked(now, name(partition), offset.offset())));
    recorder.flush();
    return now;
  }

  private void committed(long invoked, Map<TopicPartition, OffsetAndMetadata> offsets) {
    long now = System.nanoTime();
    offsets.forEach((partition, offset) ->
        recorder.record(new Committed(invoked, now, name(partition), offset.offset())));
  }

  static PartitionName name(TopicPartition partition) {
    return new PartitionName(partition.topic(), partition.partition());
  }

  /** Takes down what becomes of the member's partitions. */
  private final class Listener implements RebalanceListener {

    private final Consumer<byte[], byte[]> consumer;

    Listener(Consumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      long now = System.nanoTime();
      partitions.forEach(partition -> recorder.record(new Assigned(now, name(partition))));
      recorder.flush();
      change(assigned, partitions, Set.of());
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      change(assigned, Set.of(), partitions);
      commitBefore(partitions);
      long now = System.nanoTime();
      partitions.forEach(partition -> recorder.record(new Revoked(now, name(partition))));
      recorder.flush();
    }

    private void commitBefore(Collection<TopicPartition> partitions) {
      var offsets = new TreeMap<>(toCommit);
      offsets.keySet().retainAll(partitions);
      toCommit.keySet().removeAll(partitions);
      if (!offsets.isEmpty()) {
        long invoked = invoke(offsets);
        try {
          consumer.commit(offsets);
          committed(invoked, offsets);
        } catch (NaruException e) {
          progress.complain("last commit: " + e.code());
        }
      }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      change(assigned, Set.of(), partitions);
      toCommit.keySet().removeAll(partitions);
      long now = System.nanoTime();
      partitions.forEach(partition -> recorder.record(new Lost(now, name(partition))));
      recorder.flush();
      progress.complain("member: partitions lost");
    }

    @Override
    public boolean onHistoryCut(TopicPartition partition, long from, long to) {
      toCommit.remove(partition);
      recorder.record(new Positioned(System.nanoTime(), name(partition), OptionalLong.of(from)));
      progress.complain("member: DATA_LOST");
      return true;
    }
  }

  private void change(
      Set<TopicPartition> before,
      Collection<TopicPartition> more,
      Collection<TopicPartition> fewer) {
    var now = new TreeSet<>(before);
    more.stream().filter(each -> each.topic().equals(role.topic())).forEach(now::add);
    now.removeAll(fewer);
    assigned = Collections.unmodifiableSet(now);
  }

  /** Commits, gives everything back and leaves. */
  @Override
  public void close() {
    isClosed = true;
    Threads.join(thread);
    recorder.close();
  }
}
