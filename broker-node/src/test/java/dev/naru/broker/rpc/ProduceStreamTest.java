package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.flow.ByteBudget;
import dev.naru.broker.loop.LoopGroup;
import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.partition.FetchKey;
import dev.naru.broker.partition.Replies;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.ProduceKey;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.log.Applied;
import dev.naru.proto.v1.Acks;
import dev.naru.proto.v1.ProduceRequest;
import dev.naru.proto.v1.ProduceResponse;
import dev.naru.proto.v1.ProduceResult;
import dev.naru.record.BatchBytes;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import dev.naru.wire.BatchMemory;
import dev.naru.wire.WithBatches;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One producer's stream, without a connection beneath it. */
class ProduceStreamTest {

  private static final NodeId SELF = new NodeId(1);
  private static final int BATCH_MAX = 1_000;
  private static final int BUDGET = 3 * BATCH_MAX + 1;

  private final RecordedCall call = new RecordedCall();
  private final NodeBytes nodeBytes = new NodeBytes(1);
  private final NodeMeters meters = NodeMeters.create(SELF);
  private long nowMillis = 1;
  private final RequestTimes.OfProduce times =
      new RequestTimes.OfProduce(meters, () -> nowMillis * 1_000_000);

  @AfterEach
  void close() {
    meters.close();
  }

  @Test
  void givesBackWhatTheRequestTookThatEndedTheStream() {
    try (var loops =
        LoopGroup.start(
            1,
            () -> 0,
            Thread.ofPlatform().daemon().factory(),
            new NoReplies(),
            (PartitionSeat seat, RuntimeException fault) -> {},
            1 << 20)) {
      var service = serviceOfAnEmptyNode(loops);
      var stream = stream(service, nodeBytes);
      for (int partition = 0; partition < RefusedAttempts.PARTITIONS_MAX; partition++) {
        stream.onNext(request(partition, partition));
      }
      assertThat(call.ended).isNull();

      stream.onNext(request(RefusedAttempts.PARTITIONS_MAX, RefusedAttempts.PARTITIONS_MAX));

      assertThat(call.ended).isNotNull();
      assertThat(Status.fromThrowable(call.ended).getCode())
          .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(nodeBytes.hasRoom()).as("what the node holds for its producers").isTrue();
    }
  }

  /** A request ahead is memory that the client may fill, however little it has sent so far. */
  @Test
  void asksForNoMoreAheadThanItHasRoomForShouldEachBeTheLargest() {
    var handled = new ArrayList<Long>();
    var stream = stream(remembering(handled, false), new NodeBytes(10 * BUDGET));

    assertThat(call.requested).isEqualTo(3);

    stream.onNext(request(1, 0)); // takes one byte, as one without a batch
    assertThat(call.requested - handled.size()).isEqualTo(3);
    stream.onNext(request(2, 0));
    assertThat(call.requested - handled.size()).isEqualTo(2);
  }

  @Test
  void asksForOneMoreAtLeastWhileThereIsAnyRoom() {
    var handled = new ArrayList<Long>();
    var stream = stream(remembering(handled, false), new NodeBytes(10 * BUDGET));

    for (int id = 1; id <= BUDGET; id++) {
      assertThat(call.requested - handled.size()).isPositive();
      stream.onNext(request(id, 0));
    }

    assertThat(call.requested)
        .as("what was asked for before the budget was full")
        .isEqualTo(BUDGET);
  }

  /** What was on its way behind the last message must not stand in a log without it. */
  @Test
  void takesNothingMoreOnceItHasEnded() {
    var handled = new ArrayList<Long>();
    var stream = stream(remembering(handled, true), nodeBytes);
    stream.onNext(request(5, 0));

    stream.onNext(request(5, 0));
    stream.onNext(request(6, 0));

    assertThat(call.ended).isNotNull();
    assertThat(handled).containsExactly(5L);
    assertThat(nodeBytes.hasRoom()).isTrue();
  }

  @Test
  void holdsNoBatchThatNobodyKeeps() {
    var held = new AtomicInteger();
    var stream = stream(remembering(new ArrayList<>(), true), nodeBytes);

    stream.onNext(leased(1, held)); // is settled
    stream.onNext(leased(1, held)); // ends the stream
    stream.onNext(leased(2, held)); // comes after the end

    assertThat(call.ended).isNotNull();
    assertThat(held).hasValue(0);
  }

  @Test
  void tellsInWhichPhaseATakenRequestSpentItsTime() {
    var stream = stream(remembering(new ArrayList<>(), false), new NodeBytes(10 * BUDGET));
    stream.onNext(request(1, 0));
    var underWay = stream.underWay(1).orElseThrow();
    nowMillis += 3;
    underWay.appended(times.now());
    nowMillis += 20;
    call.isReady = false;

    stream.answer(answer(1, ErrorCode.NONE));
    nowMillis += 100;
    call.isReady = true;
    stream.answer(answer(2, ErrorCode.NONE)); // of nothing under way

    assertThat(seconds("append")).isEqualTo(0.003);
    assertThat(seconds("replicate")).isEqualTo(0.02);
    assertThat(seconds("send")).isEqualTo(0.1);
  }

  @Test
  void tellsNothingOfTheTimesOfWhatIsRefused() {
    var stream = stream(remembering(new ArrayList<>(), false), new NodeBytes(10 * BUDGET));
    stream.onNext(request(1, 0));
    nowMillis += 3;

    stream.answer(answer(1, ErrorCode.TOO_MANY_REQUESTS));

    assertThat(seconds("append")).isZero();
  }

  private static ProduceResult answer(long id, ErrorCode code) {
    return ProduceResult.newBuilder().setRequestId(id).setError(ProtoIds.code(code)).build();
  }

  private double seconds(String phase) {
    return meters
        .registry()
        .get("naru_request_seconds")
        .tags("api", "produce", "phase", phase)
        .timer()
        .totalTime(TimeUnit.SECONDS);
  }

  private static WithBatches<ProduceRequest> leased(long id, AtomicInteger held) {
    held.incrementAndGet();
    return new WithBatches<>(
        request(id, 0).header(),
        BatchBytes.leased(ByteBuffer.allocate(BATCH_MAX), held::decrementAndGet));
  }

  private static ProduceStream.Handler remembering(List<Long> handled, boolean settles) {
    return new ProduceStream.Handler() {
      @Override
      public void handle(ProduceStream on, WithBatches<ProduceRequest> request) {
        long id = request.header().getRequestId();
        handled.add(id);
        if (settles) {
          on.settleSilently(id);
        }
      }

      @Override
      public void ended(ProduceStream on) {}
    };
  }

  private ProduceStream stream(ProduceStream.Handler handler, NodeBytes held) {
    var stream =
        new ProduceStream(
            1, call, Runnable::run, handler, new ByteBudget(BUDGET), held, BATCH_MAX, times);
    stream.start();
    return stream;
  }

  private ProduceService serviceOfAnEmptyNode(LoopGroup loops) {
    var applied = new Applied(1, ClusterImage.empty("cluster"));
    var opener =
        new PartitionDirectory.Opener() {
          @Override
          public void open(PartitionAssignment assignment, PartitionDirectory.Place place) {}

          @Override
          public void putAway(PartitionId partition, boolean isTopicDeleted) {}
        };
    var node = new ServingNode(() -> applied, new PartitionDirectory(SELF, loops, opener));
    return new ProduceService(
        node,
        new ProducerCalls(
            new NewProducers(new ProducerIds(new NodeEpoch(1)), Duration.ofMinutes(50)),
            new HotKeyReports(node, () -> 0)),
        BatchMemory.PLAIN,
        () -> BUDGET,
        BATCH_MAX,
        nodeBytes,
        meters,
        () -> 0,
        () -> 0);
  }

  private static WithBatches<ProduceRequest> request(long id, int partition) {
    return WithBatches.none(
        ProduceRequest.newBuilder()
            .setRequestId(id)
            .setTopicId(ProtoIds.uuid(TopicId.of(1, 1)))
            .setPartition(partition)
            .setAcks(Acks.ACKS_ALL)
            .setTimeoutMs(1_000)
            .build());
  }

  private static final class NoReplies implements Replies {
    @Override
    public void produced(ProduceKey key, long firstOffset, OptionalLong appendMillis) {}

    @Override
    public void refused(
        ProduceKey key, Refused why, Appended appended, Optional<KnownLeader> leader) {}

    @Override
    public void fetchReady(FetchKey key) {}
  }

  /** Takes everything at once and remembers how it ended. */
  private static final class RecordedCall extends ServerCallStreamObserver<ProduceResponse> {

    final List<ProduceResponse> sent = new ArrayList<>();
    int requested;
    boolean isReady = true;
    @Nullable Throwable ended;

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public boolean isReady() {
      return isReady;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void request(int count) {
      requested += count;
    }

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void disableAutoRequest() {}

    @Override
    public void setOnReadyThreshold(int bytes) {}

    @Override
    public void onNext(ProduceResponse response) {
      sent.add(response);
    }

    @Override
    public void onError(Throwable cause) {
      ended = cause;
    }

    @Override
    public void onCompleted() {}
  }
}
