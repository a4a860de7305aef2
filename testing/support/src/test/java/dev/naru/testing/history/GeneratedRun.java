package dev.naru.testing.history;

import dev.naru.testing.history.FinalState.PartitionEnd;
import dev.naru.testing.history.FinalState.Promise;
import dev.naru.testing.history.FinalState.Replica;
import dev.naru.testing.history.Operation.Answered;
import dev.naru.testing.history.Operation.Polled;
import dev.naru.testing.history.Operation.Positioned;
import dev.naru.testing.history.Operation.SendFailed;
import dev.naru.testing.history.Operation.SendInvoked;
import dev.naru.testing.history.Operation.SendOk;
import dev.naru.testing.history.Operation.SendUnknown;
import dev.naru.testing.history.Operation.SessionBegan;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A run of a cluster that does everything right: producers that get answers late, twice or never,
 * readers that are set back, leaders that change. What it gave and stored can be spoiled before it
 * is judged.
 */
final class GeneratedRun {

  private static final int STEPS = 500;
  private static final int PRODUCERS = 4;
  private static final int READERS = 3;
  private static final int NODES = 3;

  // What becomes of a send: the dice show less than, or up to, this.
  private static final int REFUSED = 4;
  private static final int LOST = 8;
  private static final int SENT_TWICE = 12;
  private static final int UNANSWERED = 16;
  private static final int ACKNOWLEDGED = 99;

  private static final List<PartitionName> PARTITIONS = List.of(Tale.P, Tale.Q);

  private final RandomGenerator random;
  private final Map<PartitionName, List<Value>> logs = new TreeMap<>();
  private final Map<Integer, Integer> sequences = new TreeMap<>(); // next, by producer
  private final Map<Integer, Deque<Operation>> unanswered = new TreeMap<>();
  private final Map<String, Long> positions = new TreeMap<>(); // by reader and partition
  private int epoch = 1;
  private long now = 1;

  private final Map<String, List<Operation>> clients = new TreeMap<>();
  private final List<Operation> lastReads = new ArrayList<>();
  private final Map<Integer, Map<PartitionName, NavigableMap<Long, Value>>> nodes = new TreeMap<>();

  GeneratedRun(RandomGenerator random) {
    this.random = random;
    for (int producer = 1; producer <= PRODUCERS; producer++) {
      sequences.put(producer, 0);
      tell("p" + producer, new SessionBegan(tick(), producer, acks(producer), repeats(producer)));
      send(producer, ACKNOWLEDGED); // so that there is something to spoil
    }
    send(2, SENT_TWICE);
    for (int reader = 1; reader <= READERS; reader++) {
      for (var partition : PARTITIONS) {
        position("r" + reader, partition, 0);
      }
    }
    for (int step = 0; step < STEPS; step++) {
      step();
    }
    settle();
  }

  private static Acks acks(int producer) {
    return producer == PRODUCERS ? Acks.LEADER : Acks.ALL;
  }

  private static boolean repeats(int producer) {
    return producer % 2 == 0;
  }

  private void step() {
    int producer = random.nextInt(1, PRODUCERS + 1);
    var reader = "r" + random.nextInt(1, READERS + 1);
    var partition = PARTITIONS.get(random.nextInt(PARTITIONS.size()));
    switch (random.nextInt(20)) {
      case 0 -> epoch++;
      case 1 -> ask(reader, partition);
      case 2 -> position(reader, partition, random.nextInt(log(partition).size() + 1));
      case 3, 4, 5, 6, 7 -> answer(producer);
      case 8, 9, 10, 11, 12, 13 -> poll(reader, partition, random.nextInt(1, 20));
      default -> send(producer, random.nextInt(ACKNOWLEDGED + 1));
    }
  }

  private void send(int producer, int fate) {
    var value = new Value(producer, sequences.merge(producer, 1, Integer::sum) - 1);
    tell("p" + producer, new SendInvoked(tick(), value));
    var partition = PARTITIONS.get(random.nextInt(PARTITIONS.size()));
    var answers = answers(producer);
    if (fate < REFUSED) {
      answers.add(new SendFailed(0, value));
    } else if (fate < LOST) {
      answers.add(new SendUnknown(0, value));
    } else {
      long offset = append(partition, value);
      if (fate <= SENT_TWICE && repeats(producer)) {
        offset = append(partition, value); // the first answer was lost
      }
      answers.add(
          fate > SENT_TWICE && fate < UNANSWERED
              ? new SendUnknown(0, value)
              : new SendOk(0, value, partition, OptionalLong.of(offset)));
    }
  }

  private long append(PartitionName partition, Value value) {
    log(partition).add(value);
    return log(partition).size() - 1L;
  }

  private void answer(int producer) {
    var answer = answers(producer).poll();
    if (answer != null) {
      tell(
          "p" + producer,
          switch (answer) {
            case SendOk ok -> new SendOk(tick(), ok.value(), ok.partition(), ok.offset());
            case SendFailed failed -> new SendFailed(tick(), failed.value());
            case SendUnknown unknown -> new SendUnknown(tick(), unknown.value());
            default -> throw new IllegalStateException("Expected an answer, but was " + answer);
          });
    }
  }

  private void ask(String reader, PartitionName partition) {
    long end = log(partition).size();
    tell(
        reader,
        new Answered(tick(), tick(), partition, Bound.HIGH_WATERMARK, end, OptionalInt.of(epoch)));
  }

  private void position(String reader, PartitionName partition, long offset) {
    tell(reader, new Positioned(tick(), partition, OptionalLong.of(offset)));
    positions.put(reader + partition, offset);
  }

  private void poll(String reader, PartitionName partition, int most) {
    var log = log(partition);
    long from = positions.getOrDefault(reader + partition, 0L);
    long to = Math.min(log.size(), from + most);
    for (long offset = from; offset < to; offset++) {
      tell(
          reader, new Polled(tick(), partition, offset, epoch, Optional.of(log.get((int) offset))));
    }
    positions.put(reader + partition, Math.max(from, to));
  }

  /** Everything is answered, and read to the end. */
  private void settle() {
    for (int producer = 1; producer <= PRODUCERS; producer++) {
      while (!answers(producer).isEmpty()) {
        answer(producer);
      }
    }
    logs.forEach((partition, log) -> {
      for (int reader = 1; reader <= READERS; reader++) {
        poll("r" + reader, partition, Integer.MAX_VALUE);
      }
      for (int offset = 0; offset < log.size(); offset++) {
        var value = Optional.of(log.get(offset));
        lastReads.add(new Polled(tick(), partition, offset, epoch, value));
        for (int node = 1; node <= NODES; node++) {
          stored(node, partition).put((long) offset, log.get(offset));
        }
      }
    });
  }

  private long tick() {
    return now++;
  }

  private void tell(String client, Operation operation) {
    client(client).add(operation);
  }

  private List<Value> log(PartitionName partition) {
    return logs.computeIfAbsent(partition, _ -> new ArrayList<>());
  }

  private Deque<Operation> answers(int producer) {
    return unanswered.computeIfAbsent(producer, _ -> new ArrayDeque<>());
  }

  // ---- what can be spoiled

  /** What one client will say; {@code p1} to {@code p3} have acks of all. */
  List<Operation> client(String name) {
    return clients.computeIfAbsent(name, _ -> new ArrayList<>());
  }

  /** What a node stores. */
  NavigableMap<Long, Value> stored(int node, PartitionName partition) {
    return nodes
        .computeIfAbsent(node, _ -> new TreeMap<>())
        .computeIfAbsent(partition, _ -> new TreeMap<>());
  }

  /** What the reader of the end is given. */
  List<Operation> lastReads() {
    return lastReads;
  }

  // ---- the verdict

  /** From real files, in this directory. */
  Verdict judge(Path directory) {
    return judge(directory, _ -> {});
  }

  /** Spoils some of the segment files before. */
  Verdict judge(Path directory, Consumer<List<Path>> spoiling) {
    var histories = new ArrayList<History>();
    clients.forEach(
        (name, operations) -> histories.add(written(directory.resolve(name), operations)));
    var last = written(directory.resolve("last"), lastReads);
    var writer = new ReplicaWriter(directory);
    var ends = new ArrayList<PartitionEnd>();
    logs.forEach((partition, log) -> {
      var replicas = new ArrayList<Replica>();
      nodes.forEach((node, _) ->
          replicas.add(writer.write(node, partition, stored(node, partition), 1, true)));
      ends.add(
          new PartitionEnd(
              partition, Promise.NOTHING_IS_LOST, 0, log.size(), 0, List.of(), replicas));
    });
    spoiling.accept(writer.files());
    return HistoryChecker.check(
        new Run(histories, new FinalState(List.of(last), ends), List.of(), List.of()));
  }

  private static History written(Path path, List<Operation> operations) {
    try (var file = HistoryFile.create(path)) {
      operations.forEach(file::append);
    }
    return HistoryFile.read(path);
  }
}
