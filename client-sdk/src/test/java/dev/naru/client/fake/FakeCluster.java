package dev.naru.client.fake;

import dev.naru.proto.v1.KeyReport;
import dev.naru.proto.v1.ProduceRequest;
import dev.naru.types.HostPort;
import dev.naru.types.TopicId;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Nodes on loopback that share topics in memory and do what the test's script says. */
public final class FakeCluster implements AutoCloseable {

  /** Decides what a node does with a batch it leads. */
  @FunctionalInterface
  public interface Script {
    Reaction react(int node, ProduceRequest request);
  }

  private final EventLoopGroup eventLoop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  final Map<String, FakeTopic> topics = new ConcurrentHashMap<>();
  final ConcurrentLinkedQueue<Runnable> held = new ConcurrentLinkedQueue<>();
  final AtomicInteger metadataCalls = new AtomicInteger();
  final AtomicInteger fetchCalls = new AtomicInteger();
  final AtomicInteger produceRequests = new AtomicInteger();
  final AtomicLong index = new AtomicLong(1);
  final List<String> calls = java.util.Collections.synchronizedList(new ArrayList<>());
  final List<String> clientIds = java.util.Collections.synchronizedList(new ArrayList<>());
  final List<KeyReport> keyReports = java.util.Collections.synchronizedList(new ArrayList<>());
  volatile List<String> askedTopics = List.of();
  private final Map<Integer, FakeNode> nodes = new TreeMap<>();
  private final Map<String, FakeGroup> groups = new ConcurrentHashMap<>();
  private volatile Script script = (node, request) -> Reaction.accept();
  private volatile boolean namesLeaders = true;
  private final AtomicInteger adminFailures = new AtomicInteger();
  private volatile long adminFailsAfterMillis;
  private volatile boolean hangsAdmin;
  private final AtomicLong producerIds = new AtomicLong(1L << 40);
  private final AtomicInteger producerRefusals = new AtomicInteger();
  private volatile long producersKeptMillis = Duration.ofHours(1).toMillis();

  /** A topic. */
  record FakeTopic(String name, TopicId id, int maxMessageBytes, List<FakePartition> partitions) {}

  private FakeCluster() {}

  public static FakeCluster of(int nodes) {
    var cluster = new FakeCluster();
    for (int id = 1; id <= nodes; id++) {
      cluster.nodes.put(id, FakeNode.start(cluster, id, cluster.eventLoop));
    }
    return cluster;
  }

  public void createTopic(String name, int partitions) {
    createTopic(name, partitions, 1 << 20);
  }

  public void createTopic(String name, int partitions, int maxMessageBytes) {
    var list = new CopyOnWriteArrayList<FakePartition>(); // read by nodes while some are added
    for (int i = 0; i < partitions; i++) {
      list.add(new FakePartition(1 + i % nodes.size()));
    }
    long number = index.incrementAndGet();
    topics.put(name, new FakeTopic(name, TopicId.of(7, number), maxMessageBytes, list));
  }

  /** Until there are so many. */
  public void addPartitions(String name, int total) {
    var partitions = Optional.ofNullable(topics.get(name)).orElseThrow().partitions();
    while (partitions.size() < total) {
      partitions.add(new FakePartition(1 + partitions.size() % nodes.size()));
    }
    index.incrementAndGet();
  }

  public void deleteTopic(String name) {
    topics.remove(name);
    index.incrementAndGet();
  }

  /** Nobody finds the topic any more, until what this returns is run. */
  public Runnable hideTopic(String name) {
    var hidden = Optional.ofNullable(topics.remove(name)).orElseThrow();
    index.incrementAndGet();
    return () -> {
      topics.put(name, hidden);
      index.incrementAndGet();
    };
  }

  /** The next so many producers are given no id. */
  public void refuseProducers(int times) {
    producerRefusals.set(times);
  }

  boolean refusesProducers() {
    return producerRefusals.getAndUpdate(left -> Math.max(left - 1, 0)) > 0;
  }

  /** How long leaders say that they remember producers. */
  public void keepProducers(Duration time) {
    producersKeptMillis = time.toMillis();
  }

  long producersKeptMillis() {
    return producersKeptMillis;
  }

  long nextProducerId() {
    return producerIds.incrementAndGet();
  }

  public FakePartition partition(String topic, int partition) {
    return Optional.ofNullable(topics.get(topic)).orElseThrow().partitions().get(partition);
  }

  Optional<FakePartition> partition(TopicId topic, int partition) {
    return topics.values().stream()
        .filter(known -> known.id().equals(topic))
        .filter(known -> partition < known.partitions().size())
        .map(known -> known.partitions().get(partition))
        .findFirst();
  }

  public void moveLeader(String topic, int partition, int node) {
    partition(topic, partition).leader(OptionalInt.of(node));
    index.incrementAndGet();
  }

  public void removeLeader(String topic, int partition) {
    partition(topic, partition).leader(OptionalInt.empty());
    index.incrementAndGet();
  }

  /** The group of this name, which node 1 coordinates unless it is moved. */
  public FakeGroup group(String name) {
    return groups.computeIfAbsent(name, any -> new FakeGroup(this));
  }

  /** What nodes do with batches from now on. */
  public void onProduce(Script next) {
    script = next;
  }

  Reaction react(int node, ProduceRequest request) {
    return script.react(node, request);
  }

  /** Whether refusals say who leads. */
  public void nameLeaders(boolean named) {
    namesLeaders = named;
  }

  boolean namesLeaders() {
    return namesLeaders;
  }

  /** The next so many creations find no quorum. */
  public void failAdmin(int times) {
    adminFailures.set(times);
  }

  /** The same, and each takes so long to find that out. */
  public void failAdminSlowly(int times, Duration each) {
    adminFailsAfterMillis = each.toMillis();
    adminFailures.set(times);
  }

  /** How many creations are still to find no quorum. */
  public int adminFailuresLeft() {
    return adminFailures.get();
  }

  long adminFailsAfterMillis() {
    return adminFailsAfterMillis;
  }

  /** After the failures, no topic is made and no answer given. */
  public void hangAdmin() {
    hangsAdmin = true;
  }

  boolean hangsAdmin() {
    return hangsAdmin;
  }

  boolean failsAdmin() {
    return adminFailures.getAndUpdate(left -> Math.max(left - 1, 0)) > 0;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // what fails shows in what is not answered
  void later(long millis, Runnable task) {
    timer.schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  /** Sends the answers that were held back. */
  public void releaseHeld() {
    for (var answer = held.poll(); answer != null; answer = held.poll()) {
      answer.run();
    }
  }

  public int heldCount() {
    return held.size();
  }

  public int metadataCalls() {
    return metadataCalls.get();
  }

  /** The topics of the latest question for metadata. */
  public List<String> askedTopics() {
    return askedTopics;
  }

  /** What producers said of frequent keys, in the order of arrival. */
  public List<KeyReport> keyReports() {
    return List.copyOf(keyReports);
  }

  /** What those call themselves who asked for a producer's id, in their order. */
  public List<String> clientIds() {
    return List.copyOf(clientIds);
  }

  /** Batches that came, whatever became of them. */
  public int produceRequests() {
    return produceRequests.get();
  }

  public int fetchCalls() {
    return fetchCalls.get();
  }

  /** The calls in order of arrival, as {@code method@node}. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  /** Every connection breaks and new ones are refused. */
  public void kill(int node) {
    node(node).stop();
  }

  /** The node comes back. */
  public void restart(int node) {
    nodes.put(node, FakeNode.startAgain(this, node, address(node), eventLoop));
  }

  /** The node takes connections and questions, and answers nothing. */
  public void hang(int node, boolean hangs) {
    node(node).hang(hangs);
  }

  /** The node serves no partition any more, whoever leads it, and says why. */
  public void loseDisk(int node) {
    node(node).loseDisk();
  }

  /** The node fails behind the first page of what it has set aside. */
  public void breakOff(int node) {
    node(node).breakOff();
  }

  /** The node always has one more page of what it has set aside. */
  public void haveNoEnd(int node) {
    node(node).haveNoEnd();
  }

  /** The node has applied nothing of late, and tells what it knows. */
  public void lag(int node) {
    node(node).lag();
  }

  Map<Integer, FakeNode> nodes() {
    return nodes;
  }

  FakeNode node(int id) {
    return Optional.ofNullable(nodes.get(id)).orElseThrow();
  }

  public HostPort address(int node) {
    return node(node).address();
  }

  /** As {@code bootstrap.servers} has them. */
  public String addresses() {
    return nodes.values().stream()
        .map(node -> node.address().toString())
        .collect(Collectors.joining(","));
  }

  @Override
  public void close() {
    timer.shutdownNow();
    for (var node : nodes.values()) {
      node.stop();
    }
    eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2000);
  }
}
