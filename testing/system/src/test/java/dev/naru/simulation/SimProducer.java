package dev.naru.simulation;

import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.broker.replica.ProduceAsked;
import dev.naru.broker.replica.ProduceKey;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchHeader;
import dev.naru.record.Compression;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A producer of one partition that numbers its records. It has a few batches under way; after a
 * refusal, or when it hears nothing, it sends all of them again, in order, as the next attempt.
 *
 * <p>Of those that wait for all replicas, every second one says its numbers to the leader, which
 * then stores each batch once. When such a one is refused for good, the outcome of all that it has
 * under way is unknown: it gives them up, and begins anew in its next epoch.
 */
final class SimProducer {

  private static final int IN_FLIGHT_MAX = 5;
  private static final long REQUEST_NANOS = 2 * World.SECOND;
  private static final long BACKOFF_NANOS = 50 * World.MILLI;

  /** What a batch, and each record in it, takes at most besides the values. */
  private static final int BATCH_BYTES = 64;

  private static final int RECORD_BYTES = 64;

  private static final List<Long> ABSURD_MILLIS =
      List.of(86_400_000L, 3_600_000L, -3_600_000L, -86_400_000L);

  private final SimCluster cluster;
  private final World world;
  private final int id;
  private final PartitionId partition;
  private final Acks acks;
  private final Dice dice;
  private final Deque<Batch> inFlight = new ArrayDeque<>();
  private Optional<SimClients.Connection> connection = Optional.empty();
  private int connectedTo;
  private Optional<KnownLeader> newestLeader = Optional.empty(); // that it has heard of
  private Answers heard = new Answers();
  private long attempt;
  private long requests;
  private long nextNumber;
  private final boolean isNumbered;
  private short epoch;
  private long epochStart; // its first number
  private long batches;
  private boolean isResendDue;
  private boolean isStopped;

  /** Records of consecutive numbers, sent once or several times. */
  private static final class Batch {
    final long index;
    final long firstNumber;
    final short epoch;
    final int sequence;
    final int records;
    final int bytesOfEach;
    final long createdMillis;
    final long offMillis;
    long keySeed;
    long request;
    long sentNanos;
    Optional<BatchHeader> header = Optional.empty();

    Batch(SimProducer of, int records, int bytesOfEach, long createdMillis, long offMillis) {
      this.index = of.batches++;
      this.firstNumber = of.nextNumber;
      this.epoch = of.epoch;
      this.sequence = (int) (of.nextNumber - of.epochStart);
      this.records = records;
      this.bytesOfEach = bytesOfEach;
      this.createdMillis = createdMillis;
      this.offMillis = offMillis;
    }
  }

  SimProducer(SimCluster cluster, int id, PartitionId partition, Acks acks, Dice dice) {
    this.cluster = cluster;
    this.world = cluster.world();
    this.id = id;
    this.partition = partition;
    this.acks = acks;
    this.isNumbered = acks == Acks.ALL && id % 2 == 0;
    this.dice = dice;
    world.after(dice.between(0, 100 * World.MILLI), this::produce);
    world.after(REQUEST_NANOS / 2, this::watch);
  }

  PartitionId partition() {
    return partition;
  }

  Acks acks() {
    return acks;
  }

  void stop() {
    isStopped = true;
  }

  boolean isDone() {
    return isStopped && inFlight.isEmpty();
  }

  private void produce() {
    if (isStopped) {
      return;
    }
    world.after(dice.between(World.MILLI, 40 * World.MILLI), this::produce);
    if (hasRoom()) {
      int bytes = dice.chance(0.1) ? 2_000 : 20;
      var batch = new Batch(this, 1 + dice.below(3), bytes, world.nowMillis(), offMillis());
      batch.keySeed = cluster.scenario().upkeep().compacts() ? dice.nextLong() : 0;
      nextNumber += batch.records;
      inFlight.addLast(batch);
      if (!isResendDue) {
        send(batch);
      }
    }
  }

  /** A leader knows the last five of one that says its numbers, answered or not. */
  private boolean hasRoom() {
    boolean isFarAhead =
        isNumbered && !inFlight.isEmpty() && batches - inFlight.getFirst().index >= IN_FLIGHT_MAX;
    return inFlight.size() < IN_FLIGHT_MAX && !isFarAhead;
  }

  /** How far the time that a batch is stamped with is from the true one. */
  private long offMillis() {
    boolean isAbsurd = cluster.scenario().upkeep().hasAbsurdTimes() && dice.chance(0.2);
    return isAbsurd ? dice.pick(ABSURD_MILLIS) : 0;
  }

  // ---- sending

  private void send(Batch batch) {
    batch.request = ++requests;
    batch.sentNanos = world.nowNanos();
    if (connection.isEmpty()) {
      connect();
    }
    connection.ifPresent(open -> {
      var asked =
          new ProduceAsked(
              new ProduceKey(open.number(), attempt, batch.request),
              acks,
              newestLeader.map(KnownLeader::epoch),
              bytesOf(batch),
              world.nowMillis(),
              world.nowNanos() + REQUEST_NANOS / 2);
      heard.sent.put(batch.request, batch);
      open.send(partition, asked);
    });
    if (acks == Acks.NONE) {
      inFlight.remove(batch);
    }
  }

  /** The same bytes each time, so that a copy in the log can be told by its checksum. */
  private BatchBytes bytesOf(Batch batch) {
    var bytes = build(batch);
    batch.header = Optional.of(bytes.header());
    return bytes;
  }

  private BatchBytes build(Batch batch) {
    var builder =
        new BatchBuilder(BATCH_BYTES + batch.records * (RECORD_BYTES + batch.bytesOfEach));
    var keys = Dice.of(batch.keySeed);
    for (int i = 0; i < batch.records; i++) {
      var value = ByteBuffer.allocate(batch.bytesOfEach);
      value.putInt(0, id).putLong(4, batch.firstNumber + i).putLong(12, batch.createdMillis);
      long stamp = batch.createdMillis + batch.offMillis;
      if (batch.keySeed == 0) {
        builder.append(stamp, null, value, List.of());
      } else {
        var key = ByteBuffer.allocate(4).putInt(0, keys.below(keysMax()));
        builder.append(stamp, key, keys.chance(0.25) ? null : value, List.of());
      }
    }
    if (isNumbered) {
      builder.producer(id, batch.epoch, batch.sequence);
    }
    return builder.build(Compression.NONE);
  }

  private int keysMax() {
    return cluster.scenario().upkeep().keys();
  }

  private void connect() {
    connectedTo = isNumbered ? newestLeader() : anyLeader();
    int client = Workload.clientNumber(id);
    heard = new Answers();
    connection =
        cluster
            .node(connectedTo)
            .process()
            .filter(_ -> cluster.net().areConnected(client, connectedTo))
            .map(process -> process.clients().connect(client, heard));
    if (connection.isEmpty()) {
      resendSoon();
    }
  }

  /** The node of which some node says that it leads; the one of before if nobody knows better. */
  private int anyLeader() {
    return cluster
        .workload()
        .knownLeader(partition, dice)
        .map(leader -> leader.node().value())
        .orElse(Math.max(connectedTo, 1));
  }

  /**
   * Who numbers what it sends never goes back to a leader of before, as the SDK does not: that one
   * would not know its last batches.
   */
  private int newestLeader() {
    cluster.workload().knownLeader(partition, dice).ifPresent(this::hearOf);
    return newestLeader.map(leader -> leader.node().value()).orElse(1);
  }

  private void hearOf(KnownLeader leader) {
    if (newestLeader.filter(known -> leader.epoch().isBefore(known.epoch())).isEmpty()) {
      newestLeader = Optional.of(leader);
    }
  }

  /** What is answered on one connection. One that was given up is not listened to any more. */
  private final class Answers implements SimClients.Listener {

    private final Map<Long, Batch> sent = new TreeMap<>();

    private boolean isHeard() {
      return heard == this;
    }

    @Override
    public void acknowledged(long request, long firstOffset) {
      var batch = sent.get(request);
      if (batch != null) {
        cluster
            .observer()
            .acknowledgements()
            .acked(partition, acks, firstOffset, batch.header.orElseThrow());
      }
    }

    @Override
    public void produced(long request) {
      if (isHeard()) {
        inFlight.removeIf(batch -> batch.request == request);
      }
    }

    @Override
    public void refused(long request, Refused why, Optional<KnownLeader> leader) {
      if (isHeard() && inFlight.stream().anyMatch(batch -> batch.request == request)) {
        onRefused(request, why, leader);
      }
    }

    @Override
    public void lost() {
      if (isHeard()) {
        disconnect();
        resendSoon();
      }
    }
  }

  // ---- answers

  private void onRefused(long request, Refused why, Optional<KnownLeader> leader) {
    if (!why.code().isRetriable()) {
      if (isNumbered) {
        beginAnew(why);
      } else {
        inFlight.removeIf(batch -> batch.request == request);
      }
    }
    if (isNumbered) {
      leader.ifPresent(this::hearOf);
    }
    int knownLeader = leader.map(known -> known.node().value()).orElse(connectedTo);
    if (knownLeader != connectedTo || dice.chance(0.3)) {
      disconnect();
      connectedTo = knownLeader;
    }
    resendSoon();
  }

  private void beginAnew(Refused why) {
    cluster.observer().numbersBroken(partition, why);
    inFlight.clear();
    epoch++;
    epochStart = nextNumber;
  }

  private void disconnect() {
    heard = new Answers();
    connection.ifPresent(SimClients.Connection::close);
    connection = Optional.empty();
  }

  /** All that is under way goes out again, in order. */
  private void resendSoon() {
    if (!isResendDue) {
      isResendDue = true;
      world.after(BACKOFF_NANOS, this::resend);
    }
  }

  private void resend() {
    isResendDue = false;
    attempt++;
    for (var batch : List.copyOf(inFlight)) {
      if (!isResendDue) {
        send(batch);
      }
    }
  }

  private void watch() {
    world.after(REQUEST_NANOS / 4, this::watch);
    boolean isSilent =
        inFlight.stream().anyMatch(batch -> world.nowNanos() - batch.sentNanos > REQUEST_NANOS);
    if (isSilent && !isResendDue) {
      disconnect();
      resendSoon();
    }
  }

  @Override
  public String toString() {
    return "producer %d (acks %s) at node %d with %d batches under way, attempt %d"
        .formatted(id, acks, connectedTo, inFlight.size(), attempt);
  }
}
