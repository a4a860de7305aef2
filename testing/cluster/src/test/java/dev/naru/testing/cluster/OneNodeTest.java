package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.proto.admin.v1.ConfigEntry;
import dev.naru.proto.admin.v1.CreateTopicRequest;
import dev.naru.proto.v1.Acks;
import dev.naru.proto.v1.Earliest;
import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.Latest;
import dev.naru.proto.v1.OffsetQuery;
import dev.naru.proto.v1.ProduceResult;
import dev.naru.proto.v1.Uuid;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchCheck;
import dev.naru.record.BatchHeader;
import dev.naru.record.InflationLimit;
import dev.naru.record.RecordReader;
import dev.naru.record.TimestampType;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A node as its operator sees it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OneNodeTest {

  private static final long CLOCKS_DIFFER_MAX = 1_000; // that of a node and this one, in ms

  private NaruCluster cluster;
  private Topics topics;
  private RawClient client;

  @BeforeAll
  void start() {
    cluster = NaruCluster.of(1).start();
    topics = new Topics(cluster);
    client = topics.client();
  }

  @AfterAll
  void stop() {
    topics.close();
    cluster.close();
  }

  @Test
  void storesRecordsAndGivesThemBack() {
    var topic = topics.create("orders", 2, 1);

    var all = client.produce(RawClient.toPartition(topic, 0, Acks.ACKS_ALL), Batches.of("a", "b"));
    var one = client.produce(RawClient.toPartition(topic, 0, Acks.ACKS_LEADER), Batches.of("c"));

    assertThat(all.join().getError()).isEqualTo(ErrorCode.ERROR_CODE_NONE);
    assertThat(all.join().getBaseOffset()).isZero();
    assertThat(one.join().getBaseOffset()).isEqualTo(2);
    var read = client.fetch(RawClient.fetchOf(RawClient.position(topic, 0, 0)).setMinBytes(200));
    assertThat(Batches.values(read.join())).containsExactly("a", "b", "c");
    var latest = OffsetQuery.newBuilder().setTopicId(topic).setLatest(Latest.getDefaultInstance());
    assertThat(client.offset(latest.build()).getOffset()).isEqualTo(3);
    var earliest =
        OffsetQuery.newBuilder().setTopicId(topic).setEarliest(Earliest.getDefaultInstance());
    assertThat(client.offset(earliest.build()).getOffset()).isZero();
  }

  @Test
  @Tag("S26")
  void keepsTheTimeOfTheProducerOrStampsItsOwnAsTheTopicSays() {
    var theirs = topics.create("their-time", 1, 1);
    var own =
        RawClient.idOf(
            client
                .topics()
                .createTopic(
                    CreateTopicRequest.newBuilder()
                        .setTopic("own-time")
                        .setPartitionCount(1)
                        .setReplicationFactor(1)
                        .addConfigs(
                            ConfigEntry.newBuilder()
                                .setKey("message.timestamp.type")
                                .setValue("LogAppendTime"))
                        .build()));
    topics.awaitServed("own-time");
    var sent = Batches.of("a", "b");
    long before = System.currentTimeMillis() - CLOCKS_DIFFER_MAX;

    var kept = produceTo(theirs, Batches.of("a", "b"));
    var stamped = produceTo(own, Batches.of("a", "b"));

    long after = System.currentTimeMillis() + CLOCKS_DIFFER_MAX;
    assertThat(kept.hasLogAppendTimeMs()).isFalse();
    var keptBatch = onlyBatch(theirs);
    assertThat(keptBatch.header().timestampType()).isEqualTo(TimestampType.CREATE_TIME);
    assertThat(keptBatch.header().maxTimestamp()).isEqualTo(sent.header().maxTimestamp());
    assertThat(keptBatch.header().crc()).isEqualTo(sent.header().crc());
    assertThat(times(keptBatch)).containsOnly(sent.header().maxTimestamp());

    long time = stamped.getLogAppendTimeMs();
    assertThat(time).isBetween(before, after);
    var stampedBatch = onlyBatch(own);
    assertThat(stampedBatch.header().timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
    assertThat(stampedBatch.header().maxTimestamp()).isEqualTo(time);
    assertThat(stampedBatch.header().crc()).isNotEqualTo(sent.header().crc());
    assertThat(BatchCheck.checksum(stampedBatch)).isEmpty();
    assertThat(times(stampedBatch)).containsOnly(time);
    assertThat(recordsOf(stampedBatch))
        .as("records stay as they were sent")
        .isEqualTo(recordsOf(sent));
  }

  private ProduceResult produceTo(Uuid topic, BatchBytes batch) {
    return client.produce(RawClient.toPartition(topic, 0, Acks.ACKS_ALL), batch).join();
  }

  private BatchBytes onlyBatch(Uuid topic) {
    var read = client.fetch(RawClient.fetchOf(RawClient.position(topic, 0, 0))).join();
    assertThat(read).hasSize(1);
    return read.getFirst().batches();
  }

  private static ByteBuffer recordsOf(BatchBytes batch) {
    return batch.slice(BatchHeader.SIZE, batch.size() - BatchHeader.SIZE).asByteBuffer();
  }

  private static List<Long> times(BatchBytes batch) {
    var times = new ArrayList<Long>();
    RecordReader.open(batch, InflationLimit.DEFAULT)
        .forEachRemaining(record -> times.add(record.timestamp()));
    return times;
  }

  @Test
  void endsAnAnswerWithTheLastOfItsRecords() {
    var topic = topics.create("one-message", 1, 1);
    client.produce(RawClient.toPartition(topic, 0, Acks.ACKS_ALL), Batches.of("a", "b")).join();

    var answer = client.fetch(RawClient.fetchOf(RawClient.position(topic, 0, 0))).join();

    assertThat(answer).hasSize(1);
    assertThat(answer.get(0).header().getLast()).isTrue();
    assertThat(Batches.values(answer)).containsExactly("a", "b");
  }

  @Test
  void givesThePartitionsBoundInOneReadAndNoMore() {
    var topic = topics.create("bound", 1, 1);
    for (int i = 0; i < 5; i++) {
      client.produce(RawClient.toPartition(topic, 0, Acks.ACKS_ALL), Batches.ofSize(10_000)).join();
    }

    var answer =
        client.fetch(RawClient.fetchOf(RawClient.position(topic, 0, 0).setMaxBytes(25_000))).join();

    assertThat(answer).hasSize(1);
    assertThat(answer.get(0).header().getLast()).isTrue();
    assertThat(Batches.endOf(answer, 0)).isEqualTo(2);
  }

  /** That the node holds no memory of it, it is asked when it ends. */
  @Test
  void forgetsAnswersThatNobodyTakes() throws InterruptedException {
    var topic = topics.create("not-taken", 1, 1);
    for (int i = 0; i < 8; i++) {
      client
          .produce(RawClient.toPartition(topic, 0, Acks.ACKS_ALL), Batches.ofSize(1_000_000))
          .join();
    }
    var firstCame = new CountDownLatch(1);
    try (var other = RawClient.to(cluster.bootstrapServer(1))) {
      var stream = other.fetchWithoutTaking(firstCame::countDown);
      for (int id = 1; id <= 8; id++) {
        stream.onNext(
            RawClient.fetchOf(RawClient.position(topic, 0, 0).setMaxBytes(8 << 20))
                .setRequestId(id)
                .build());
      }
      assertThat(firstCame.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  // ---- seen from outside

  @Test
  void answersProbesAndScrapers() throws Exception {
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    assertThat(get("/healthz?verbose").body()).contains("\"quorum.role\": \"CONTROLLER\"");
    assertThat(get("/metrics").body())
        .contains(
            "naru_controller_active{node=\"1\"} 1.0",
            "naru_quorum_available{node=\"1\"} 1.0",
            "naru_partitions_offline{node=\"1\"} 0.0",
            "naru_fsync_seconds_count",
            "naru_disk_used_ratio",
            "jvm_memory_used_bytes");
  }

  private HttpResponse<String> get(String path) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var uri = URI.create("http://" + cluster.httpAddress(1) + path);
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }

  @Test
  void saysOverGrpcHowItIsAndWhatItOffers() {
    var health = HealthGrpc.newBlockingStub(client.channel());
    for (var name : List.of("", "produce", "admin", "metadata-quorum")) {
      var request = HealthCheckRequest.newBuilder().setService(name).build();
      assertThat(health.check(request).getStatus()).isEqualTo(ServingStatus.SERVING);
    }

    assertThat(services())
        .contains("naru.v1.ProduceService", "naru.admin.v1.TopicAdminService")
        .noneMatch(name -> name.startsWith("naru.internal"));
  }

  private List<String> services() {
    var answer = new CompletableFuture<ServerReflectionResponse>();
    var requests =
        ServerReflectionGrpc.newStub(client.channel())
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable cause) {
                    answer.completeExceptionally(cause);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    var names =
        answer.join().getListServicesResponse().getServiceList().stream()
            .map(ServiceResponse::getName)
            .toList();
    requests.onCompleted();
    return names;
  }

  @Test
  void refusesRecordsWhenItsDiskIsFullAndGoesOnReading() {
    try (var full = NaruCluster.of(1).with("disk.used.ratio.max", "0.000001").start();
        var there = new Topics(full)) {
      var topic = there.create("full", 1, 1);
      var other = there.client();

      var refused =
          other.produce(RawClient.toPartition(topic, 0, Acks.ACKS_ALL), Batches.of("a")).join();
      var read = other.fetch(RawClient.fetchOf(RawClient.position(topic, 0, 0)).setMaxWaitMs(1));

      assertThat(refused.getError()).isEqualTo(ErrorCode.ERROR_CODE_DISK_FULL);
      assertThat(refused.getErrorMessage()).contains("(disk.used.ratio.max)");
      assertThat(RawClient.errorOf(read.join())).isEqualTo(ErrorCode.ERROR_CODE_NONE);
    }
  }
}
