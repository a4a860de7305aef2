package dev.naru.testing.cluster;

import static dev.naru.testing.cluster.RawClient.fetchOf;
import static dev.naru.testing.cluster.RawClient.position;
import static dev.naru.testing.cluster.RawClient.toPartition;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.naru.proto.admin.v1.ConfigEntry;
import dev.naru.proto.admin.v1.CreateTopicRequest;
import dev.naru.proto.admin.v1.DeleteTopicRequest;
import dev.naru.proto.admin.v1.GetTopicRequest;
import dev.naru.proto.admin.v1.ListTopicsRequest;
import dev.naru.proto.internal.v1.ControllerServiceGrpc;
import dev.naru.proto.internal.v1.SubmitRequest;
import dev.naru.proto.v1.Acks;
import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.FetchRequest;
import dev.naru.proto.v1.ProduceRequest;
import dev.naru.proto.v1.Uuid;
import dev.naru.record.BatchBytes;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input gets a clear answer and loses nothing: the rows of the table for gRPC that apply. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {

  private static final Uuid NO_SUCH_TOPIC = Uuid.newBuilder().setHigh(1).setLow(2).build();

  private NaruCluster cluster;
  private Topics topics;
  private Uuid topic;
  private RawClient leader;
  private RawClient other;

  @BeforeAll
  void start() {
    cluster = NaruCluster.of(3).start();
    topics = new Topics(cluster);
    topic = topics.create("input", 1, 3);
    int leads = topics.leaderOf("input", 0);
    leader = topics.client(leads);
    other = topics.client(leads % 3 + 1);
    assertThat(leader.produce(toInput(), Batches.of("good")).join().getBaseOffset()).isZero();
  }

  @AfterAll
  void stop() {
    topics.close();
    cluster.close();
  }

  private ProduceRequest.Builder toInput() {
    return toPartition(topic, 0, Acks.ACKS_ALL);
  }

  // ---- batches

  @Test
  void refusesBatchesWhoseBytesAreNotSound() {
    var batch = Batches.of("a", "b");

    assertRefused(toInput(), Batches.corrupted(batch), ErrorCode.ERROR_CODE_CORRUPT_RECORD);
    assertRefused(toInput(), batch.slice(0, batch.size() - 1), ErrorCode.ERROR_CODE_CORRUPT_RECORD);
    assertRefused(toInput(), BatchBytes.EMPTY, ErrorCode.ERROR_CODE_CORRUPT_RECORD);
    assertRefused(
        toInput(), Batches.changed(batch, 16, (byte) 1), ErrorCode.ERROR_CODE_UNSUPPORTED_VERSION);
  }

  @Test
  @Tag("S28")
  void refusesABatchThatIsTooLargeForItsTopic() {
    var result = leader.produce(toInput().setAttempt(7), Batches.ofSize(1 << 20)).join();

    assertThat(result.getError()).isEqualTo(ErrorCode.ERROR_CODE_RECORD_TOO_LARGE);
    assertThat(result.getErrorMessage())
        .startsWith("Expected a batch of at most 1048576 bytes, but was 10");
  }

  @Test
  void endsTheStreamForAMessageThatNoTopicCouldTake() {
    try (var client = RawClient.to(cluster.bootstrapServer(1))) {
      var answer = client.produce(toInput(), Batches.ofSize(17 << 20));

      var failure = catchThrowableOfType(CompletionException.class, answer::join);

      assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }
  }

  @Test
  void refusesWhatFollowsARefusedBatchOfTheSameAttempt() {
    var spoiled =
        leader.produce(toInput().setAttempt(1_000), Batches.corrupted(Batches.of("first")));
    var behind = leader.produce(toInput().setAttempt(1_000), Batches.of("second"));
    var resent = leader.produce(toInput().setAttempt(1_001), Batches.of("good again"));

    assertThat(spoiled.join().getError()).isEqualTo(ErrorCode.ERROR_CODE_CORRUPT_RECORD);
    assertThat(behind.join().getError()).isEqualTo(ErrorCode.ERROR_CODE_CORRUPT_RECORD);
    assertThat(resent.join().getError()).isEqualTo(ErrorCode.ERROR_CODE_NONE);
  }

  // ---- where to

  @Test
  @Tag("S49")
  @Tag("S101")
  void namesTheLeaderToWhoeverAsksAnotherNode() {
    var result = other.produce(toInput(), Batches.of("x")).join();

    assertThat(result.getError()).isEqualTo(ErrorCode.ERROR_CODE_NOT_LEADER);
    int leads = topics.leaderOf("input", 0);
    assertThat(result.getLeader().getNodeId()).isEqualTo(leads);
    assertThat(result.getLeader().getHost() + ":" + result.getLeader().getPort())
        .isEqualTo(cluster.bootstrapServer(leads));
  }

  @Test
  void refusesPlacesThatDoNotExistAndEpochsThatAreNotTheLeaders() {
    int epoch = topics.partition("input", 0).getLeaderEpoch();

    assertRefused(
        toPartition(NO_SUCH_TOPIC, 0, Acks.ACKS_ALL),
        Batches.of("x"),
        ErrorCode.ERROR_CODE_TOPIC_NOT_FOUND);
    assertRefused(
        toPartition(Uuid.getDefaultInstance(), 0, Acks.ACKS_ALL),
        Batches.of("x"),
        ErrorCode.ERROR_CODE_TOPIC_NOT_FOUND);
    assertRefused(
        toPartition(topic, 1, Acks.ACKS_ALL),
        Batches.of("x"),
        ErrorCode.ERROR_CODE_PARTITION_NOT_FOUND);
    assertRefused(
        toPartition(topic, -1, Acks.ACKS_ALL),
        Batches.of("x"),
        ErrorCode.ERROR_CODE_PARTITION_NOT_FOUND);
    assertRefused(
        toInput().setAttempt(2_000).setLeaderEpoch(epoch - 1),
        Batches.of("x"),
        ErrorCode.ERROR_CODE_FENCED_LEADER_EPOCH);
    assertRefused(
        toInput().setAttempt(2_001).setLeaderEpoch(epoch + 1),
        Batches.of("x"),
        ErrorCode.ERROR_CODE_UNKNOWN_LEADER_EPOCH);
  }

  @Test
  void refusesFieldsThatMakeNoSense() {
    var batch = Batches.of("x");

    assertRefused(toInput().setAcksValue(7), batch, ErrorCode.ERROR_CODE_INVALID_REQUEST);
    assertRefused(
        toInput().setAcks(Acks.ACKS_UNSPECIFIED), batch, ErrorCode.ERROR_CODE_INVALID_REQUEST);
    assertRefused(toInput().setTimeoutMs(-1), batch, ErrorCode.ERROR_CODE_INVALID_REQUEST);
    assertRefused(toInput().setTimeoutMs(300_001), batch, ErrorCode.ERROR_CODE_INVALID_REQUEST);
  }

  @Test
  void appendsNothingOfWhatItRefused() {
    var before = Batches.endOf(leader.fetch(fetchOf(position(topic, 0, 0))).join(), 0);
    assertRefused(
        toInput().setAttempt(3_000),
        Batches.corrupted(Batches.of("y")),
        ErrorCode.ERROR_CODE_CORRUPT_RECORD);

    var next = leader.produce(toInput().setAttempt(3_001), Batches.of("good")).join();

    assertThat(next.getBaseOffset()).isGreaterThanOrEqualTo(before);
    assertThat(Batches.values(leader.fetch(fetchOf(position(topic, 0, 0))).join()))
        .allMatch(value -> value.startsWith("good"));
  }

  private void assertRefused(ProduceRequest.Builder request, BatchBytes batch, ErrorCode code) {
    try (var client = RawClient.to(cluster.bootstrapServer(topics.leaderOf("input", 0)))) {
      assertThat(client.produce(request, batch).join().getError()).isEqualTo(code);
    }
  }

  // ---- fetch

  @Test
  @Tag("S49")
  void refusesToReadWhereNothingCanBe() {
    assertThat(fetchError(fetchOf(position(topic, 0, -1))))
        .isEqualTo(ErrorCode.ERROR_CODE_INVALID_REQUEST);
    assertThat(fetchError(fetchOf(position(topic, 0, 1_000_000))))
        .isEqualTo(ErrorCode.ERROR_CODE_OFFSET_OUT_OF_RANGE);
    assertThat(fetchError(fetchOf(position(topic, 0, 0).setMaxBytes(0))))
        .isEqualTo(ErrorCode.ERROR_CODE_INVALID_REQUEST);
    assertThat(fetchError(fetchOf(position(NO_SUCH_TOPIC, 0, 0))))
        .isEqualTo(ErrorCode.ERROR_CODE_TOPIC_NOT_FOUND);
    assertThat(fetchError(fetchOf(position(topic, 9, 0))))
        .isEqualTo(ErrorCode.ERROR_CODE_PARTITION_NOT_FOUND);
    assertThat(RawClient.errorOf(other.fetch(fetchOf(position(topic, 0, 0))).join()))
        .isEqualTo(ErrorCode.ERROR_CODE_NOT_LEADER);
  }

  private ErrorCode fetchError(FetchRequest.Builder request) {
    return RawClient.errorOf(leader.fetch(request).join());
  }

  @Test
  void endsTheStreamForAFetchThatCannotBeAnswered() {
    for (var request :
        List.of(
            fetchOf(position(topic, 0, 0)).setMaxWaitMs(-1),
            fetchOf(position(topic, 0, 0)).setMinBytes(0),
            fetchOf(position(topic, 0, 0)).setMaxBytes(0))) {
      var failure =
          catchThrowableOfType(CompletionException.class, () -> leader.fetch(request).join());

      assertThat(infoOf(failure).getReason()).isEqualTo("INVALID_REQUEST");
    }
  }

  // ---- admin

  @ParameterizedTest(name = "{0} {1} {2} -> {3}")
  @CsvSource(
      textBlock =
          """
          '',      1, 1, INVALID_TOPIC_NAME
          .,       1, 1, INVALID_TOPIC_NAME
          ..,      1, 1, INVALID_TOPIC_NAME
          a/b,     1, 1, INVALID_TOPIC_NAME
          나루,    1, 1, INVALID_TOPIC_NAME
          __a,     1, 1, INVALID_TOPIC_NAME
          input,   1, 1, TOPIC_ALREADY_EXISTS
          fresh,   0, 1, INVALID_PARTITIONS
          fresh,   1, 0, INVALID_REPLICATION_FACTOR
          fresh,   1, 4, INVALID_REPLICATION_FACTOR
          fresh, 1000000, 1, LIMIT_EXCEEDED
          """)
  void refusesTopicsThatCannotBe(String name, int partitions, int replicas, String reason) {
    var failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> topics.client().createTopic(name, partitions, replicas));

    assertThat(infoOf(failure).getReason()).isEqualTo(reason);
    assertThat(infoOf(failure).getDomain()).isEqualTo("naru.dev");
    assertThat(failure.getStatus().getDescription()).startsWith("Expected ").contains(", but ");
  }

  @Test
  void refusesSettingsThatCannotBe() {
    var request =
        CreateTopicRequest.newBuilder()
            .setTopic("settings")
            .addConfigs(ConfigEntry.newBuilder().setKey("min.insync.replicas").setValue("4"))
            .setReplicationFactor(3);
    var failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> topics.client().topics().createTopic(request.build()));
    assertThat(infoOf(failure).getReason()).isEqualTo("INVALID_CONFIG");

    request
        .clearConfigs()
        .addConfigs(ConfigEntry.newBuilder().setKey("retention.mss").setValue("4"));
    failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> topics.client().topics().createTopic(request.build()));
    assertThat(infoOf(failure).getReason()).isEqualTo("INVALID_CONFIG");
  }

  @Test
  void saysWhatIsNotThere() {
    var stub = topics.client().topics();

    var noTopic =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> stub.getTopic(GetTopicRequest.newBuilder().setName("topics/none").build()));
    var noName =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> stub.deleteTopic(DeleteTopicRequest.newBuilder().setName("none").build()));
    var noPage =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> stub.listTopics(ListTopicsRequest.newBuilder().setPageToken("%%").build()));

    assertThat(noTopic.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(infoOf(noTopic).getReason()).isEqualTo("TOPIC_NOT_FOUND");
    assertThat(infoOf(noName).getMetadataMap()).containsEntry("field", "name");
    assertThat(infoOf(noPage).getMetadataMap()).containsEntry("field", "page_token");
  }

  @Test
  void keepsWhatBelongsToNodesFromClients() {
    var stub = ControllerServiceGrpc.newBlockingStub(topics.client().channel());

    var failure =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> stub.submit(SubmitRequest.getDefaultInstance()));

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  private static ErrorInfo infoOf(Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    try {
      return requireNonNull(StatusProto.fromThrowable(cause)).getDetails(0).unpack(ErrorInfo.class);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
