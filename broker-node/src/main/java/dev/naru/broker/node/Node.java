package dev.naru.broker.node;

import dev.naru.broker.config.LiveConfig;
import dev.naru.broker.config.NodeConfig;
import dev.naru.broker.config.WrittenValue;
import dev.naru.broker.events.EventCode;
import dev.naru.broker.http.HttpEndpoint;
import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.broker.peer.CoordinatorCalls;
import dev.naru.broker.peer.Heartbeats;
import dev.naru.broker.peer.InternalListener;
import dev.naru.broker.peer.LagCalls;
import dev.naru.broker.peer.PeerNode;
import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.rpc.ClientListener;
import dev.naru.broker.rpc.ClientServices;
import dev.naru.broker.runtime.Clocks;
import dev.naru.broker.runtime.NodeRuntime;
import dev.naru.broker.transport.PeerChannels;
import dev.naru.broker.transport.PooledMemory;
import dev.naru.broker.upkeep.CompactorThreads;
import dev.naru.broker.upkeep.ReplicaFaults;
import dev.naru.broker.upkeep.ReplicaRepairs;
import dev.naru.log.disk.StorageException;
import dev.naru.metadata.image.NodeEndpoints;
import dev.naru.metadata.log.FatalFault;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import io.micrometer.core.instrument.Tags;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * A running node: controller and broker in one process. It starts step by step, each of which stops
 * those before it when it fails, and stops in the opposite order.
 */
public final class Node implements AutoCloseable {

  /** The release, for people: the one that the command line names, too. */
  public static final String VERSION = Release.ofThisBuild().version();

  private static final Logger LOG = LogManager.getLogger(Node.class);

  /** The most that any topic may allow as max.message.bytes. */
  static final int BATCH_BYTES_MAX = 16 << 20;

  /** How long a stopping node waits for others to take over what it leads. */
  private static final Duration HAND_OVER_MAX = Duration.ofSeconds(10);

  /** Streams never end by themselves; this lets the last answers leave. */
  private static final Duration DRAIN_MAX = Duration.ofMillis(300);

  private static final Duration QUORUM_LOOK_INTERVAL = Duration.ofSeconds(2);

  private final Release release;
  private final NodeConfig config;
  private final LiveConfig live;
  private final Clocks clocks;
  private final Startup startup;
  private final NodeAddresses addresses;
  private final FatalFault fatal;
  private final PooledMemory memory = NodeRuntime.newMemory();

  /** Read by steps that stop: whether the node is to vanish instead of stopping. */
  private final AtomicBoolean isAborting = new AtomicBoolean();

  /**
   * What makes other nodes and clients see at once that this one is gone; filled while starting.
   */
  private final ArrayDeque<Runnable> doors = new ArrayDeque<>();

  private Node(
      Release release,
      NodeConfig config,
      SortedMap<String, List<WrittenValue>> sources,
      Clocks clocks,
      FatalFault fatal)
      throws StartException {
    this.release = release;
    this.config = config;
    this.live = new LiveConfig(config, sources);
    this.clocks = clocks;
    this.fatal = fatal;
    this.startup = new Startup(clocks.nanos());
    this.addresses = NodeAddresses.of(config.listeners());
  }

  /**
   * Starts a node and returns when it serves.
   *
   * @param fatal told of a fault after which the node must not go on; the caller ends the process
   */
  public static Node start(NodeConfig config, Clocks clocks, FatalFault fatal)
      throws StartException, InterruptedException {
    return start(config, new TreeMap<>(), clocks, fatal);
  }

  /**
   * The same.
   *
   * @param sources where each value was written that is no default, by key, for those who ask
   */
  public static Node start(
      NodeConfig config,
      SortedMap<String, List<WrittenValue>> sources,
      Clocks clocks,
      FatalFault fatal)
      throws StartException, InterruptedException {
    return start(Release.ofThisBuild(), config, sources, clocks, fatal);
  }

  /** The same as a node of this release, which knows no newer rules than that one. */
  public static Node start(
      Release release,
      NodeConfig config,
      SortedMap<String, List<WrittenValue>> sources,
      Clocks clocks,
      FatalFault fatal)
      throws StartException, InterruptedException {
    var node = new Node(release, config, sources, clocks, fatal);
    node.start();
    return node;
  }

  /** Formats those directories of the node that are not formatted yet. */
  public static void format(NodeConfig config) throws StartException {
    new NodeFormat(config, NodeFormat.clusterOf(config), new SecureRandom()).formatMissing();
  }

  /** Formats them as stand-ins for disks that are gone, which the operator says. */
  public static void formatReplacements(NodeConfig config) throws StartException {
    new NodeFormat(config, NodeFormat.clusterOf(config), new SecureRandom()).replaceMissing();
  }

  /** Its id. */
  public NodeId id() {
    return config.nodeId();
  }

  /** Where others reach it. */
  public NodeEndpoints endpoints() {
    return addresses.advertised();
  }

  /** What it holds of received batches: nothing, once it has ended. */
  public long lentBytes() {
    return memory.lentBytes();
  }

  private void start() throws StartException, InterruptedException {
    var cluster = NodeFormat.clusterOf(config);
    var runtime =
        startup.step(
            "events and metrics",
            () -> NodeRuntime.create(config.nodeId(), clocks, fatal, memory),
            NodeRuntime::close);
    var storageFaults = new AtomicReference<Consumer<StorageException>>(failure -> {});
    var directories =
        startup.step(
            "directories",
            () ->
                NodeDirectories.open(
                    config,
                    cluster,
                    clocks.wallMillis(),
                    failure -> storageFaults.get().accept(failure)),
            NodeDirectories::close);
    var recovery = new RecoveryProgress(clocks.nanos());
    runtime.meters().gauge(BrokerMetric.RECOVERY_REMAINING, Tags.empty(), recovery::remaining);
    var waits = new StartWaits(clocks.nanos());
    var health =
        new NodeHealth(
            new StartProgress(startup, recovery, waits),
            clocks.nanos(),
            config.liveness().livenessTimeout(),
            directories);
    var http = startup.step("http", () -> openHttp(runtime, health), HttpEndpoint::close);
    doors.add(http::close);
    var logs =
        startup.step(
            StartProgress.RECOVERY_STEP,
            () -> NodeLogs.recover(directories, runtime.waiting(), recovery),
            NodeLogs::close);
    var repairs = new ReplicaRepairs(logs.store(), runtime.meters(), clocks.nanos());
    var faults = new ReplicaFaults(logs.store(), repairs, runtime.chores(), runtime.meters());
    storageFaults.set(faults::directoryFailed);
    var storage =
        startup.step(
            "loops",
            () -> NodeStorage.start(live, logs, faults, repairs, runtime),
            NodeStorage::close);
    var channels = new PeerChannels(BATCH_BYTES_MAX);
    var quorum =
        startup.step(
            "metadata",
            () -> NodeQuorum.open(release, config, cluster, addresses, channels, runtime),
            NodeQuorum::close);
    quorum.log().subscribe(live);
    waits.tellAlso(quorum::words);
    var inside = InternalServices.create(cluster.toString(), config.nodeId(), quorum, runtime);
    var internal =
        startup.step(
            "internal listener",
            () -> inside.listen(addresses.bind().internal(), runtime),
            InternalListener::close);
    doors.add(internal::close);
    var self =
        startup.step(
            "register",
            () ->
                new Arrival(config, addresses.advertised(), release, cluster.toString(), waits)
                    .register(storage.logs(), quorum, runtime),
            registered -> closeLogs(storage, registered));
    var peer = new PeerNode(cluster.toString(), self, channels);
    var groups =
        new GroupParts(
            live,
            storage,
            quorum.log(),
            inside.lag(),
            new LagCalls(cluster.toString(), channels, runtime.peerLoops().next()),
            runtime);
    var partitions =
        startup.step(
            "partitions",
            () ->
                NodePartitions.begin(
                    live,
                    self,
                    peer,
                    storage,
                    quorum,
                    inside.followers(),
                    inside.replication(),
                    inside.survey(),
                    groups,
                    new EventParts(storage, quorum.log(), runtime),
                    runtime,
                    this::fenced),
            begun -> {
              storage.closeLoops();
              begun.leaders().close();
            });
    startup.step(
        "compaction",
        () ->
            CompactorThreads.start(
                () -> live.get().cleaner(),
                logs.store(),
                partitions.directory(),
                faults,
                partition -> quorum.log().applied().image().nameOf(partition),
                runtime),
        CompactorThreads::close);
    var heartbeats =
        startup.step(
            "heartbeats",
            () -> beginHeartbeats(runtime, peer, quorum, partitions),
            Heartbeats::close);
    doors.add(heartbeats::close);
    groups.beatenBy(heartbeats);
    health.joined(new NodeHealth.Joined(heartbeats, quorum.log()));
    NodeGauges.bind(runtime, id(), health, quorum.log());
    waits.await("the controller to unfence it", heartbeats.unfenced());
    var peers = new CoordinatorCalls(cluster.toString(), channels, runtime.peerLoops().next());
    var services =
        NodeServices.create(
            live, self.epoch(), runtime, storage, partitions, quorum, health, groups, peers);
    inside.coordinators().serve(services.groups().desk()::answer, services.groups().offsets());
    var client =
        startup.step(
            "client listener", () -> openClient(runtime, storage, services.clients()), this::drain);
    doors.add(client::abort);
    runtime.repeat(
        QUORUM_LOOK_INTERVAL,
        "The look at the quorum",
        () -> client.quorumIsAvailable(quorum.log().quorum().controller().isPresent()));
    startup.step("ready", () -> handOver(health, heartbeats));
    health.serving(true);
    LOG.info("Node {} serves at {}", id(), endpoints());
  }

  // ---- steps

  private HttpEndpoint openHttp(NodeRuntime runtime, NodeHealth health) throws StartException {
    return NodeAddresses.listen(
        "listeners.http",
        addresses.bind().http(),
        bind -> HttpEndpoint.open(bind, runtime.waiting(), health::now, runtime.meters()::page));
  }

  private Heartbeats beginHeartbeats(
      NodeRuntime runtime, PeerNode peer, NodeQuorum quorum, NodePartitions partitions) {
    var heartbeats =
        new Heartbeats(
            peer,
            quorum.finder(),
            quorum.log()::applied,
            partitions.traffic()::takeReport,
            runtime.peerLoops().next(),
            config.liveness(),
            clocks.nanos(),
            this::fenced);
    heartbeats.start();
    return heartbeats;
  }

  private ClientListener openClient(
      NodeRuntime runtime, NodeStorage storage, ClientServices services) throws StartException {
    storage.replies().route(services.produce(), services.fetch());
    return NodeAddresses.listen(
        "listeners.client",
        addresses.bind().client(),
        bind ->
            ClientListener.open(
                bind,
                runtime.clientLoops(),
                BATCH_BYTES_MAX,
                services,
                runtime.waiting(),
                clocks.nanos()));
  }

  /** Another process runs under this node's id, or nobody is to, so this one must not. */
  private void fenced(Refused why) {
    LOG.error(EventCode.NODE_FENCED.marker(), "This process was fenced for ever: {}", why);
    fatal.end("Expected to be node " + id() + ", but: " + why.reason(), StartException.of(why));
  }

  // ---- the end

  /** Asks the controller to let others lead; what nobody else can lead stays until the end. */
  private void handOver(NodeHealth health, Heartbeats heartbeats) {
    health.serving(false);
    if (isAborting.get()) {
      return;
    }
    try {
      heartbeats.askToShutDown().get(HAND_OVER_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn(
          EventCode.STARTUP_STEP.marker(),
          "Stops without having handed everything over within {} s",
          HAND_OVER_MAX.toSeconds());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void drain(ClientListener client) {
    if (isAborting.get()) {
      client.abort();
    } else {
      client.drain(DRAIN_MAX);
    }
  }

  private void closeLogs(NodeStorage storage, LocalNode self) {
    if (isAborting.get()) {
      storage.close();
    } else {
      storage.closeCleanly(self.epoch());
    }
  }

  /** Stops: hands over, finishes what was asked, and marks its directories as stopped cleanly. */
  @Override
  public void close() {
    startup.stop();
  }

  /**
   * Vanishes: ports close first, nothing is handed over, and the directories look as after a crash.
   * For tests of everybody else.
   */
  public void abort() {
    isAborting.set(true);
    doors.forEach(Runnable::run);
    startup.stop();
  }
}
