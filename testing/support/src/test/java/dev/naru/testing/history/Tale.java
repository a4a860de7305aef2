package dev.naru.testing.history;

import dev.naru.testing.history.FinalState.PartitionEnd;
import dev.naru.testing.history.FinalState.Promise;
import dev.naru.testing.history.FinalState.Range;
import dev.naru.testing.history.FinalState.Replica;
import dev.naru.testing.history.Operation.Answered;
import dev.naru.testing.history.Operation.OfMember.Assigned;
import dev.naru.testing.history.Operation.OfMember.CommitInvoked;
import dev.naru.testing.history.Operation.OfMember.Committed;
import dev.naru.testing.history.Operation.OfMember.Found;
import dev.naru.testing.history.Operation.OfMember.Joined;
import dev.naru.testing.history.Operation.OfMember.Leased;
import dev.naru.testing.history.Operation.OfMember.Lost;
import dev.naru.testing.history.Operation.OfMember.Revoked;
import dev.naru.testing.history.Operation.Polled;
import dev.naru.testing.history.Operation.Positioned;
import dev.naru.testing.history.Operation.Released;
import dev.naru.testing.history.Operation.SendFailed;
import dev.naru.testing.history.Operation.SendInvoked;
import dev.naru.testing.history.Operation.SendOk;
import dev.naru.testing.history.Operation.SendUnknown;
import dev.naru.testing.history.Operation.SessionBegan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A run told step by step; with every step a millisecond passes. What was stored is what the
 * readers of the end are given, unless told otherwise.
 */
final class Tale {

  static final PartitionName P = new PartitionName("orders", 0);
  static final PartitionName Q = new PartitionName("orders", 1);
  static final long MILLI = 1_000_000;

  private record Told(String name, boolean isWhole, List<Operation> operations) implements History {
    @Override
    public void replay(Consumer<? super Operation> to) {
      operations.forEach(to);
    }
  }

  private final Map<String, List<Operation>> clients = new TreeMap<>();
  private final Set<String> killed = new TreeSet<>();
  private final Map<PartitionName, TreeMap<Long, Optional<Value>>> logs = new TreeMap<>();
  private final Map<PartitionName, End> ends = new TreeMap<>();
  private final List<Operation> lastReads = new ArrayList<>();
  private final List<Incident> incidents = new ArrayList<>();
  private final List<HealthyWindow> healthy = new ArrayList<>();
  private boolean isReadAtTheEnd = true;
  private int epoch = 1;
  private long now = 1_000 * MILLI;

  /** How a partition ended; by default as its log says. */
  static final class End {
    Promise promise = Promise.NOTHING_IS_LOST;
    OptionalLong logStart = OptionalLong.empty();
    OptionalLong highWatermark = OptionalLong.empty();
    long explainedStart;
    final List<Range> losses = new ArrayList<>();
    final List<Replica> replicas = new ArrayList<>();
  }

  // ---- time and faults

  long now() {
    return now;
  }

  long tick() {
    now += MILLI;
    return now;
  }

  Tale healthy(long from, long to) {
    healthy.add(new HealthyWindow(from, to));
    return this;
  }

  Tale incident(String kind, String target, Optional<String> proof) {
    incidents.add(new Incident(kind, target, now, tick(), proof));
    return this;
  }

  Tale epoch(int leaderEpoch) {
    this.epoch = leaderEpoch;
    return this;
  }

  // ---- producers

  /** One that sends again when it is not answered. */
  Tale producer(int producer, Acks acks) {
    return tell("p" + producer, new SessionBegan(tick(), producer, acks, true));
  }

  /** One that sends every record once. */
  Tale producerWithoutRetries(int producer, Acks acks) {
    return tell("p" + producer, new SessionBegan(tick(), producer, acks, false));
  }

  Tale invoked(int producer, int sequence) {
    return tell("p" + producer, new SendInvoked(tick(), new Value(producer, sequence)));
  }

  Tale ok(int producer, int sequence, PartitionName partition, long offset) {
    return tell(
        "p" + producer,
        new SendOk(tick(), new Value(producer, sequence), partition, OptionalLong.of(offset)));
  }

  Tale handedOver(int producer, int sequence, PartitionName partition) {
    return tell(
        "p" + producer,
        new SendOk(tick(), new Value(producer, sequence), partition, OptionalLong.empty()));
  }

  Tale failed(int producer, int sequence) {
    return tell("p" + producer, new SendFailed(tick(), new Value(producer, sequence)));
  }

  Tale unknown(int producer, int sequence) {
    return tell("p" + producer, new SendUnknown(tick(), new Value(producer, sequence)));
  }

  /** Sent, stored and acknowledged. */
  Tale written(int producer, int sequence, PartitionName partition, long offset) {
    return invoked(producer, sequence)
        .stored(partition, offset, producer, sequence)
        .ok(producer, sequence, partition, offset);
  }

  /** A producer, and so many records of it from offset 0 on. */
  Tale written(int producer, int records) {
    producer(producer, Acks.ALL);
    for (int i = 0; i < records; i++) {
      written(producer, i, P, i);
    }
    return this;
  }

  // ---- the log

  Tale stored(PartitionName partition, long offset, int producer, int sequence) {
    log(partition).put(offset, Optional.of(new Value(producer, sequence)));
    return this;
  }

  Tale garbled(PartitionName partition, long offset) {
    log(partition).put(offset, Optional.empty());
    return this;
  }

  Tale gone(PartitionName partition, long offset) {
    log(partition).remove(offset);
    return this;
  }

  NavigableMap<Long, Optional<Value>> log(PartitionName partition) {
    return logs.computeIfAbsent(partition, _ -> new TreeMap<>());
  }

  /** A copy of what is stored. */
  NavigableMap<Long, Value> values(PartitionName partition) {
    var values = new TreeMap<Long, Value>();
    log(partition).forEach((offset, value) -> values.put(offset, value.orElseThrow()));
    return values;
  }

  // ---- readers

  /** Is given what is stored at these offsets now. */
  Tale polled(String reader, PartitionName partition, long... offsets) {
    for (long offset : offsets) {
      polled(reader, partition, offset, log(partition).getOrDefault(offset, Optional.empty()));
    }
    return this;
  }

  Tale polled(String reader, PartitionName partition, long offset, Optional<Value> value) {
    return tell(reader, new Polled(tick(), partition, offset, epoch, value));
  }

  /** Of the readers of the end: something that is not what was stored. */
  Tale readAtTheEnd(PartitionName partition, long offset, Optional<Value> value) {
    lastReads.add(new Polled(tick(), partition, offset, epoch, value));
    return this;
  }

  /** The reader of the end is given only what was told. */
  Tale nothingElseReadAtTheEnd() {
    isReadAtTheEnd = false;
    return this;
  }

  Tale positioned(String reader, PartitionName partition, long offset) {
    return tell(reader, new Positioned(tick(), partition, OptionalLong.of(offset)));
  }

  Tale positionedSomewhere(String reader, PartitionName partition) {
    return tell(reader, new Positioned(tick(), partition, OptionalLong.empty()));
  }

  Tale released(String reader, PartitionName partition) {
    return tell(reader, new Released(tick(), partition));
  }

  Tale answered(String client, Bound bound, long offset) {
    return tell(client, new Answered(tick(), tick(), P, bound, offset, OptionalInt.empty()));
  }

  Tale answeredInEpoch(String client, Bound bound, long offset, int leaderEpoch) {
    return tell(
        client, new Answered(tick(), tick(), P, bound, offset, OptionalInt.of(leaderEpoch)));
  }

  // ---- members of the only group

  /** Becomes one, whose partitions are its own for as many milliseconds. */
  Tale member(String member, long leaseMillis) {
    return tell(member, new Joined(tick(), 1)).leased(member, leaseMillis);
  }

  Tale leased(String member, long millis) {
    return tell(member, new Leased(tick(), now + millis * MILLI));
  }

  Tale assigned(String member, PartitionName partition) {
    return tell(member, new Assigned(tick(), partition));
  }

  Tale revoked(String member, PartitionName partition) {
    return tell(member, new Revoked(tick(), partition));
  }

  Tale lost(String member, PartitionName partition) {
    return tell(member, new Lost(tick(), partition));
  }

  /** Commits, and is told that it did. */
  Tale committed(String member, PartitionName partition, long offset) {
    long invoked = tick();
    return tell(member, new CommitInvoked(invoked, partition, offset))
        .tell(member, new Committed(invoked, tick(), partition, offset));
  }

  /** Is told now of a commit that began then. */
  Tale committedSince(long invoked, String member, PartitionName partition, long offset) {
    return tell(member, new Committed(invoked, tick(), partition, offset));
  }

  /** Commits, and hears nothing. */
  Tale commitInvoked(String member, PartitionName partition, long offset) {
    return tell(member, new CommitInvoked(tick(), partition, offset));
  }

  /** Asks where the group is. */
  Tale found(String member, PartitionName partition, OptionalLong offset) {
    return tell(member, new Found(tick(), tick(), partition, offset));
  }

  Tale tell(String client, Operation operation) {
    clients.computeIfAbsent(client, _ -> new ArrayList<>()).add(operation);
    return this;
  }

  /** What it did last may not be in its history. */
  Tale killed(String client) {
    killed.add(client);
    return this;
  }

  // ---- the end

  End end(PartitionName partition) {
    log(partition);
    return ends.computeIfAbsent(partition, _ -> new End());
  }

  Run run() {
    var histories = new ArrayList<History>();
    clients.forEach((name, operations) ->
        histories.add(new Told(name, !killed.contains(name), List.copyOf(operations))));
    var partitions = new ArrayList<PartitionEnd>();
    new TreeMap<>(logs).forEach((partition, _) -> partitions.add(ended(partition)));
    var reads = new ArrayList<Operation>();
    for (var partition : partitions) {
      if (isReadAtTheEnd) {
        log(partition.partition())
            .subMap(partition.logStart(), partition.highWatermark())
            .forEach((offset, value) ->
                reads.add(new Polled(tick(), partition.partition(), offset, epoch, value)));
      }
    }
    reads.addAll(lastReads);
    return new Run(
        histories,
        new FinalState(List.of(new Told("the end", true, reads)), partitions),
        incidents,
        healthy);
  }

  private PartitionEnd ended(PartitionName partition) {
    var end = end(partition);
    var log = log(partition);
    return new PartitionEnd(
        partition,
        end.promise,
        end.logStart.orElse(log.isEmpty() ? 0 : log.firstKey()),
        end.highWatermark.orElse(log.isEmpty() ? 0 : log.lastKey() + 1),
        end.explainedStart,
        end.losses,
        end.replicas);
  }

  Verdict check() {
    return HistoryChecker.check(run());
  }
}
