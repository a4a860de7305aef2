package dev.naru.chaos.load;

import dev.naru.chaos.host.Wait;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.consumer.OffsetAndMetadata;
import dev.naru.testing.history.Operation.OfMember.Found;
import dev.naru.testing.history.Operation.OfMember.Joined;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * A group that reads everything: a member here that stays, one here that leaves and comes again as
 * another one all the time, and one in a process of its own, which can be stopped. Somebody who is
 * no member asks all the time how far it is.
 */
public final class GroupReading implements AutoCloseable {

  private static final String STAYS = "member-stays";
  private static final String COMES_AND_GOES = "member-";
  private static final String OUTSIDE = "member-outside";
  private static final String ASKER = "asker";

  /** The shortest that nodes take. */
  private static final Duration SESSION = Duration.ofSeconds(6);

  private static final Duration COMMIT_EVERY = Duration.ofMillis(500);
  private static final long CHURN_NANOS = Duration.ofSeconds(4).toNanos();
  private static final long ASK_NANOS = Duration.ofMillis(500).toNanos();
  private static final Duration ASK_LIMIT = Duration.ofSeconds(10);

  private final Workload workload;
  private final NaruClient client;
  private final MemberRole role;
  private final Progress progress;
  private final MembersHere here;
  private final MemberProcess outside;
  private final Recorder asker;
  private final List<Thread> threads;
  private volatile Map<TopicPartition, OffsetAndMetadata> found = Map.of(); // by who asks
  private volatile boolean isClosed; // written by who closes, read by the threads

  private GroupReading(
      Workload workload,
      NaruClient client,
      MemberRole role,
      Progress progress,
      MembersHere here,
      MemberProcess outside,
      Recorder asker) {
    this.workload = workload;
    this.client = client;
    this.role = role;
    this.progress = progress;
    this.here = here;
    this.outside = outside;
    this.asker = asker;
    this.threads =
        List.of(
            Thread.ofPlatform().name("churn").start(this::comeAndGo),
            Thread.ofPlatform().name(ASKER).start(this::ask));
  }

  /**
   * Begins.
   *
   * @param recorders makes the recorder of a client of this name
   * @param histories where the process writes its own; it is told by {@link #outsideHistory}
   */
  public static GroupReading begin(
      Workload workload,
      NaruClient client,
      String bootstrapServers,
      Function<String, Recorder> recorders,
      Path histories,
      Progress progress) {
    var role = new MemberRole("readers", 1, workload.topic(), SESSION, COMMIT_EVERY);
    var outside = MemberProcess.start(bootstrapServers, role, histories);
    var here = new MembersHere(role, client, recorders, progress);
    here.start(STAYS, Optional.empty());
    outside.start(OUTSIDE, Optional.of("outside"));
    return new GroupReading(
        workload, client, role, progress, here, outside, recorders.apply(ASKER));
  }

  /** The name of the history that the process writes. */
  public static String outsideHistory() {
    return OUTSIDE;
  }

  /** {@code group.id}. */
  public String group() {
    return role.group();
  }

  /** A member that is silent for so long is out. */
  public Duration session() {
    return SESSION;
  }

  // ---- the member outside

  /** No thread of it runs until it is resumed. */
  public void pauseOutside() {
    outside.pause();
  }

  /** Lets it go on. */
  public void resumeOutside() {
    outside.resume();
  }

  /** As the system has it. */
  public char stateOutside() throws IOException {
    return outside.state();
  }

  /** Whether the members here have every partition. */
  public boolean areOthersAlone() {
    var all = new TreeSet<TopicPartition>();
    here.holds().values().forEach(all::addAll);
    return all.size() == workload.partitions();
  }

  // ---- those who come and go, and ask

  private void comeAndGo() {
    for (int life = 0; !isClosed; life++) {
      var name = COMES_AND_GOES + life;
      here.start(name, Optional.empty());
      pass(CHURN_NANOS);
      here.stop(name);
      pass(CHURN_NANOS / 2);
    }
  }

  private void pass(long nanos) {
    long until = System.nanoTime() + nanos;
    while (!isClosed && System.nanoTime() < until) {
      LockSupport.parkNanos(Math.min(until - System.nanoTime(), ASK_NANOS));
    }
  }

  private void ask() {
    asker.record(new Joined(System.nanoTime(), role.number()));
    try (var consumer =
        client
            .consumer(Codec.bytes(), Codec.bytes())
            .groupId(role.group())
            .autoCommit(false)
            .apiTimeout(ASK_LIMIT)
            .build()) {
      while (!isClosed) {
        askOnce(consumer);
        pass(ASK_NANOS);
      }
    }
    asker.close();
  }

  private void askOnce(Consumer<byte[], byte[]> consumer) {
    try {
      long invoked = System.nanoTime();
      var places = consumer.committed(workload.allPartitions());
      long now = System.nanoTime();
      for (var partition : workload.allPartitions()) {
        var offset =
            Optional.ofNullable(places.get(partition))
                .map(place -> OptionalLong.of(place.offset()))
                .orElseGet(OptionalLong::empty);
        asker.record(new Found(invoked, now, GroupMember.name(partition), offset));
      }
      found = places;
    } catch (NaruException e) {
      progress.complain("where the group is: " + e.code());
    }
  }

  // ---- what is awaited

  /** Whether the group commits more in each partition within the limit; records must flow. */
  public boolean goesOn(Duration limit) {
    var before = found;
    return Wait.comes(
        limit,
        () -> {
          var now = found;
          return workload.allPartitions().stream()
              .allMatch(partition -> offset(now, partition) > offset(before, partition));
        });
  }

  /** Whether it commits the end of each partition within the limit; nobody may write any more. */
  public boolean comesToTheEnd(Duration limit) {
    Map<TopicPartition, Long> ends;
    try (var consumer = client.consumer(Codec.bytes(), Codec.bytes()).build()) {
      ends = consumer.endOffsets(workload.allPartitions());
    }
    return Wait.comes(
        limit,
        () ->
            ends.entrySet().stream()
                .allMatch(end -> offset(found, end.getKey()) >= end.getValue()));
  }

  /** How far it is, as far as was found. */
  public Map<TopicPartition, OffsetAndMetadata> found() {
    return found;
  }

  private static long offset(
      Map<TopicPartition, OffsetAndMetadata> places, TopicPartition partition) {
    return Optional.ofNullable(places.get(partition)).map(OffsetAndMetadata::offset).orElse(0L);
  }

  /** Everybody leaves. */
  @Override
  public void close() {
    isClosed = true;
    threads.forEach(Threads::join);
    here.close();
    outside.close();
  }
}
