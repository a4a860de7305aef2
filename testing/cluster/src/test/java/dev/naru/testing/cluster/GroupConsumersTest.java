package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Codec;
import dev.naru.client.GroupProtocol;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.consumer.RebalanceListener;
import dev.naru.client.producer.Producer;
import dev.naru.proto.v1.FindCoordinatorRequest;
import dev.naru.proto.v1.GroupServiceGrpc;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Consumers that share a topic as applications do: each in a thread, with a client of its own. */
class GroupConsumersTest {

  private static final String TOPIC = "orders";
  private static final String GROUP = "billing";
  private static final int ROUND = 500; // records

  private static final Eventually SOON =
      Eventually.allowing("rounds of the group", Duration.ofSeconds(5))
          .and("last commits of what is given back", Duration.ofSeconds(5));

  private static final Eventually AFTER_A_FAILOVER =
      SOON.and("leaders and a coordinator to be elected", Duration.ofSeconds(10));

  private final Map<Place, Integer> processed = new ConcurrentHashMap<>(); // how often
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private final List<RecordAck> acks = new ArrayList<>();
  private final List<Worker> workers = new ArrayList<>();
  private NaruCluster cluster;
  private Topics topics;
  private NaruClient naru;
  private Producer<String, String> producer;

  private record Place(int partition, long offset) {}

  @BeforeEach
  void start() {
    cluster = NaruCluster.of(3).with("offsets.topic.num.partitions", "3").start();
    topics = new Topics(cluster);
    topics.create(TOPIC, 4, 3);
    naru =
        NaruClient.builder()
            .bootstrapServers(cluster.bootstrapServers())
            .metadataMaxAge(
                Duration.ofMillis(500)) // of the producer; consumers notice by themselves
            .build();
    producer = naru.producer(Codec.utf8(), Codec.utf8()).build();
  }

  @AfterEach
  void stop() {
    workers.forEach(Worker::close);
    naru.close();
    topics.close();
    cluster.close();
  }

  @ParameterizedTest
  @EnumSource
  @Tag("S84")
  @Tag("S91")
  void processesEachRecordOnceWhateverHappensToTheGroup(GroupProtocol protocol) {
    var first = new Worker(protocol);
    send();
    var second = new Worker(protocol);
    SOON.until("both read two", () -> shares().equals(List.of(2, 2)));
    send();

    first.close();
    send();
    SOON.until("the other one reads all", () -> shares().equals(List.of(4)));
    var third = new Worker(protocol);
    SOON.until("both read two", () -> shares().equals(List.of(2, 2)));
    awaitAllProcessed(SOON);

    naru.admin().addPartitions(TOPIC, 6).join();
    SOON.until("both read three", () -> shares().equals(List.of(3, 3)));
    sendToEach(6);
    awaitAllProcessed(SOON);

    int killed = coordinator();
    cluster.kill(killed);
    sendToEach(6);
    awaitAllProcessed(AFTER_A_FAILOVER);
    cluster.start(killed);
    AFTER_A_FAILOVER.until("all of it is committed", () -> committed().equals(ends()));
    second.close();
    sendToEach(6);
    AFTER_A_FAILOVER.until("the third one reads all", () -> shares().equals(List.of(6)));
    awaitAllProcessed(SOON);
    third.close();

    assertThat(complaints).isEmpty();
    assertThat(processed.values()).as("times that a record was processed").containsOnly(1);
    assertThat(committed()).isEqualTo(ends());
  }

  private void send() {
    var sent = new ArrayList<CompletableFuture<RecordAck>>();
    for (int i = 0; i < ROUND; i++) {
      sent.add(producer.send(ProducerRecord.of(TOPIC, "key " + i % 50, "a value")));
    }
    sent.forEach(ack -> acks.add(ack.join()));
  }

  private void sendToEach(int partitions) {
    SOON.until("the producer knows all", () -> isSentTo(partitions - 1));
    for (int partition = 0; partition < partitions; partition++) {
      assertThat(isSentTo(partition)).isTrue();
    }
    send();
  }

  private boolean isSentTo(int partition) {
    var next = ProducerRecord.<String, String>of(TOPIC, "a value").withPartition(partition);
    try {
      acks.add(producer.send(next).join());
      return true;
    } catch (CompletionException e) {
      boolean isUnknown =
          e.getCause() instanceof NaruException why && why.code() == ErrorCode.PARTITION_NOT_FOUND;
      assertThat(isUnknown).as("%s", e).isTrue();
      return false;
    }
  }

  private void awaitAllProcessed(Eventually patience) {
    patience.until(
        "each record is processed",
        () ->
            acks.stream()
                .allMatch(ack -> processed.containsKey(new Place(ack.partition(), ack.offset()))));
  }

  /** How many partitions each one reads that runs. */
  private List<Integer> shares() {
    return workers.stream()
        .filter(worker -> !worker.isStopping)
        .map(worker -> worker.assignment.size())
        .toList();
  }

  private static Set<TopicPartition> partitions() {
    var all = new TreeSet<TopicPartition>();
    IntStream.range(0, 6).forEach(number -> all.add(new TopicPartition(TOPIC, number)));
    return all;
  }

  private Map<TopicPartition, Long> ends() {
    try (var consumer = naru.consumer(Codec.utf8(), Codec.utf8()).build()) {
      return new TreeMap<>(consumer.endOffsets(partitions()));
    }
  }

  private Map<TopicPartition, Long> committed() {
    try (var consumer = naru.consumer(Codec.utf8(), Codec.utf8()).groupId(GROUP).build()) {
      var offsets = new TreeMap<TopicPartition, Long>();
      consumer
          .committed(partitions())
          .forEach((partition, position) -> offsets.put(partition, position.offset()));
      return offsets;
    }
  }

  private int coordinator() {
    var node = new AtomicInteger();
    SOON.until(
        "somebody coordinates",
        () -> {
          var answer =
              GroupServiceGrpc.newBlockingStub(topics.client().channel())
                  .withDeadlineAfter(20, TimeUnit.SECONDS)
                  .findCoordinator(FindCoordinatorRequest.newBuilder().setGroup(GROUP).build());
          node.set(answer.getCoordinator().getNodeId());
          return node.get() > 0;
        });
    return node.get();
  }

  /** Reads until it is closed; what it was handed it is done with when it polls again. */
  private final class Worker implements AutoCloseable, RebalanceListener {

    private final NaruClient client = cluster.client();
    private final Consumer<String, String> consumer;
    private final Thread thread;
    private volatile boolean isStopping;
    private volatile Set<TopicPartition> assignment = Set.of();

    Worker(GroupProtocol protocol) {
      consumer =
          client
              .consumer(Codec.utf8(), Codec.utf8())
              .groupId(GROUP)
              .groupProtocol(protocol)
              .autoOffsetReset(OffsetReset.EARLIEST)
              .autoCommitInterval(Duration.ofMillis(200))
              .heartbeatInterval(Duration.ofMillis(500))
              .sessionTimeout(Duration.ofSeconds(30)) // longer than a failover of a busy machine
              .build();
      consumer.subscribe(List.of(TOPIC), this);
      thread = Thread.ofPlatform().daemon().name("worker-" + workers.size()).start(this::read);
      workers.add(this);
    }

    private void read() {
      try (client;
          consumer) {
        while (!isStopping) {
          for (var taken : consumer.poll(Duration.ofMillis(100))) {
            processed.merge(new Place(taken.partition(), taken.offset()), 1, Integer::sum);
          }
          assignment = consumer.assignment();
        }
        consumer.commit();
      } catch (RuntimeException | Error e) {
        complaints.add(thread.getName() + " failed: " + e);
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      complaints.add(thread.getName() + " lost " + partitions);
    }

    @Override
    public void close() {
      isStopping = true;
      consumer.wakeup();
      try {
        assertThat(thread.join(Duration.ofSeconds(60))).as("%s ends", thread.getName()).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
