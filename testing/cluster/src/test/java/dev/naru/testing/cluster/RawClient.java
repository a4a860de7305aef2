package dev.naru.testing.cluster;

import dev.naru.proto.admin.v1.CreateTopicRequest;
import dev.naru.proto.admin.v1.GetTopicRequest;
import dev.naru.proto.admin.v1.Topic;
import dev.naru.proto.admin.v1.TopicAdminServiceGrpc;
import dev.naru.proto.v1.Acks;
import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.FetchPosition;
import dev.naru.proto.v1.FetchRequest;
import dev.naru.proto.v1.FetchResponse;
import dev.naru.proto.v1.GetMetadataRequest;
import dev.naru.proto.v1.GetMetadataResponse;
import dev.naru.proto.v1.InitProducerRequest;
import dev.naru.proto.v1.InitProducerResponse;
import dev.naru.proto.v1.ListOffsetsRequest;
import dev.naru.proto.v1.MetadataServiceGrpc;
import dev.naru.proto.v1.OffsetAnswer;
import dev.naru.proto.v1.OffsetQuery;
import dev.naru.proto.v1.ProduceRequest;
import dev.naru.proto.v1.ProduceResponse;
import dev.naru.proto.v1.ProduceResult;
import dev.naru.proto.v1.ProduceServiceGrpc;
import dev.naru.proto.v1.Uuid;
import dev.naru.record.BatchBytes;
import dev.naru.wire.DataStream;
import dev.naru.wire.WithBatches;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A client that sends what it is told to, right or wrong, to one node. */
final class RawClient implements AutoCloseable {

  private static final int MESSAGE_BYTES_MAX = 64 << 20;
  private static final long CALL_SECONDS_MAX = 20;

  private final ManagedChannel channel;
  private final AtomicLong nextRequest = new AtomicLong(1);
  private final ConcurrentHashMap<Long, CompletableFuture<ProduceResult>> produces =
      new ConcurrentHashMap<>();
  private @Nullable StreamObserver<WithBatches<ProduceRequest>> produceStream;

  private RawClient(String address) {
    channel =
        NettyChannelBuilder.forTarget(address)
            .usePlaintext()
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .build();
  }

  static RawClient to(String address) {
    return new RawClient(address);
  }

  ManagedChannel channel() {
    return channel;
  }

  // ---- admin

  TopicAdminServiceGrpc.TopicAdminServiceBlockingStub topics() {
    return TopicAdminServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS);
  }

  Topic createTopic(String name, int partitions, int replicas) {
    return topics()
        .createTopic(
            CreateTopicRequest.newBuilder()
                .setTopic(name)
                .setPartitionCount(partitions)
                .setReplicationFactor(replicas)
                .build());
  }

  Topic topic(String name) {
    return topics().getTopic(GetTopicRequest.newBuilder().setName("topics/" + name).build());
  }

  GetMetadataResponse metadata(String... topics) {
    return MetadataServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS)
        .getMetadata(GetMetadataRequest.newBuilder().addAllTopicNames(List.of(topics)).build());
  }

  OffsetAnswer offset(OffsetQuery query) {
    return MetadataServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS)
        .listOffsets(ListOffsetsRequest.newBuilder().addQueries(query).build())
        .getAnswers(0);
  }

  static Uuid idOf(Topic topic) {
    var uid = UUID.fromString(topic.getUid());
    return Uuid.newBuilder()
        .setHigh(uid.getMostSignificantBits())
        .setLow(uid.getLeastSignificantBits())
        .build();
  }

  // ---- produce

  static ProduceRequest.Builder toPartition(Uuid topic, int partition, Acks acks) {
    return ProduceRequest.newBuilder()
        .setTopicId(topic)
        .setPartition(partition)
        .setAcks(acks)
        .setTimeoutMs(5_000);
  }

  InitProducerResponse initProducer() {
    return ProduceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS)
        .initProducer(InitProducerRequest.newBuilder().setClientId("raw").build());
  }

  /** The answer, or a failure when the stream ends without one. */
  CompletableFuture<ProduceResult> produce(ProduceRequest.Builder request, BatchBytes batch) {
    long id = nextRequest.getAndIncrement();
    var answer = new CompletableFuture<ProduceResult>();
    produces.put(id, answer);
    produceStream().onNext(new WithBatches<>(request.setRequestId(id).build(), batch));
    return answer.orTimeout(CALL_SECONDS_MAX, TimeUnit.SECONDS);
  }

  private synchronized StreamObserver<WithBatches<ProduceRequest>> produceStream() {
    var open = produceStream;
    if (open == null) {
      open = DataStream.PRODUCE.open(channel, CallOptions.DEFAULT, new Answers());
      produceStream = open;
    }
    return open;
  }

  private final class Answers implements StreamObserver<ProduceResponse> {
    @Override
    public void onNext(ProduceResponse response) {
      for (var result : response.getResultsList()) {
        var waiting = produces.remove(result.getRequestId());
        if (waiting != null) {
          waiting.complete(result);
        }
      }
    }

    @Override
    public void onError(Throwable cause) {
      synchronized (RawClient.this) {
        produceStream = null;
      }
      produces.values().forEach(waiting -> waiting.completeExceptionally(cause));
      produces.clear();
    }

    @Override
    public void onCompleted() {
      onError(new IllegalStateException("The node ended the stream"));
    }
  }

  // ---- fetch

  static FetchPosition.Builder position(Uuid topic, int partition, long offset) {
    return FetchPosition.newBuilder()
        .setTopicId(topic)
        .setPartition(partition)
        .setOffset(offset)
        .setMaxBytes(1 << 20);
  }

  static FetchRequest.Builder fetchOf(FetchPosition.Builder... positions) {
    var request =
        FetchRequest.newBuilder()
            .setRequestId(1)
            .setMaxWaitMs(500)
            .setMinBytes(1)
            .setMaxBytes(8 << 20);
    for (var position : positions) {
      request.addPositions(position);
    }
    return request;
  }

  /** The whole answer of one request on a stream of its own. */
  CompletableFuture<List<WithBatches<FetchResponse>>> fetch(FetchRequest.Builder request) {
    var answer = new CompletableFuture<List<WithBatches<FetchResponse>>>();
    var parts = new ArrayList<WithBatches<FetchResponse>>();
    var stream =
        DataStream.FETCH.open(
            channel,
            CallOptions.DEFAULT,
            new StreamObserver<>() {
              @Override
              public void onNext(WithBatches<FetchResponse> part) {
                parts.add(part);
              }

              @Override
              public void onError(Throwable cause) {
                answer.completeExceptionally(cause);
              }

              @Override
              public void onCompleted() {
                answer.complete(parts);
              }
            });
    stream.onNext(request.build());
    stream.onCompleted();
    return answer.orTimeout(CALL_SECONDS_MAX, TimeUnit.SECONDS);
  }

  /** A stream of which one message is taken, which is then told. */
  StreamObserver<FetchRequest> fetchWithoutTaking(Runnable cameOne) {
    return DataStream.FETCH.open(
        channel,
        CallOptions.DEFAULT,
        new ClientResponseObserver<FetchRequest, WithBatches<FetchResponse>>() {
          @Override
          public void beforeStart(ClientCallStreamObserver<FetchRequest> call) {
            call.disableAutoRequestWithInitial(1);
          }

          @Override
          public void onNext(WithBatches<FetchResponse> part) {
            cameOne.run();
          }

          @Override
          public void onError(Throwable cause) {}

          @Override
          public void onCompleted() {}
        });
  }

  /** The error of the only partition in the answer; NONE when it has none. */
  static ErrorCode errorOf(List<WithBatches<FetchResponse>> answer) {
    return answer.stream()
        .filter(part -> part.header().hasPartition())
        .map(part -> part.header().getPartition().getError())
        .findFirst()
        .orElse(ErrorCode.ERROR_CODE_NONE);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
