package dev.naru.simulation;

import dev.naru.broker.partition.FetchKey;
import dev.naru.broker.partition.PartitionInput.ProduceArrived;
import dev.naru.broker.partition.Replies;
import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.AttemptGate;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.broker.replica.ProduceAsked;
import dev.naru.broker.replica.ProduceKey;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The client streams that stand at a process, and the answers that go back on them. */
final class SimClients implements Replies {

  private final SimProcess process;
  private final Map<Long, Connection> connections = new TreeMap<>();
  private long numbers;

  /** Who hears the answers to one stream. */
  interface Listener {

    /** The node has just said so; the answer may yet get lost. */
    void acknowledged(long request, long firstOffset);

    void produced(long request);

    void refused(long request, Refused why, Optional<KnownLeader> leader);

    void lost();
  }

  /** One client's stream to this process. */
  final class Connection {

    private final long number = ++numbers;
    private final Listener listener;
    private final SimStream stream;
    private final Map<PartitionId, AttemptGate> doors = new TreeMap<>();

    private Connection(int client, Listener listener) {
      this.listener = listener;
      stream =
          new SimStream(
              process.cluster().net(),
              process.cluster().net()::isCut,
              client,
              process.node(),
              listener::lost,
              () -> connections.remove(number));
    }

    long number() {
      return number;
    }

    void send(PartitionId partition, ProduceAsked asked) {
      stream.there(() -> process.asSoonAsRunning(() -> arrived(partition, asked)));
    }

    /**
     * What is refused before it gets to its partition keeps the rest of the attempt out as well, or
     * the partition might be there for the next batch.
     */
    private void arrived(PartitionId partition, ProduceAsked asked) {
      if (asked.acks() == Acks.NONE) {
        process.post(partition, new ProduceArrived(process.cluster().rules().asked(asked)));
        return;
      }
      var door = doors.computeIfAbsent(partition, _ -> new AttemptGate());
      if (door.whyNot(asked.key()).isPresent() || process.partition(partition).isEmpty()) {
        var why = new Refused(ErrorCode.NOT_LEADER, "Expected to hold " + partition);
        door.refused(asked.key(), why);
        refused(asked.key(), why, Appended.NO, Optional.empty());
      } else {
        process.post(partition, new ProduceArrived(process.cluster().rules().asked(asked)));
      }
    }

    void close() {
      stream.breakUp();
    }
  }

  SimClients(SimProcess process) {
    this.process = process;
  }

  Connection connect(int client, Listener listener) {
    var connection = new Connection(client, listener);
    connections.put(connection.number, connection);
    return connection;
  }

  void breakAll() {
    connections.values().forEach(Connection::close);
    connections.clear();
  }

  @Override
  public void produced(ProduceKey key, long firstOffset, OptionalLong appendMillis) {
    var to = connections.get(key.stream());
    if (to != null) {
      to.listener.acknowledged(key.request(), firstOffset);
      to.stream.back(() -> to.listener.produced(key.request()));
    }
  }

  @Override
  public void refused(
      ProduceKey key, Refused why, Appended appended, Optional<KnownLeader> leader) {
    var to = connections.get(key.stream());
    if (to != null) {
      to.stream.back(() -> to.listener.refused(key.request(), why, leader));
    }
  }

  @Override
  public void fetchReady(FetchKey key) {
    process.world().after(0, () -> process.cluster().workload().fetchReady(key));
  }
}
