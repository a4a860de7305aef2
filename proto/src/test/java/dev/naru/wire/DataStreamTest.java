package dev.naru.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.naru.proto.v1.InitProducerRequest;
import dev.naru.proto.v1.InitProducerResponse;
import dev.naru.proto.v1.ProduceRequest;
import dev.naru.proto.v1.ProduceResponse;
import dev.naru.proto.v1.ProduceResult;
import dev.naru.proto.v1.ProduceServiceGrpc;
import dev.naru.record.BatchBytes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both ends run on the caller's thread, so that a call has ended when it returns. */
class DataStreamTest {

  private static final String NAME = "data-stream";

  private final List<Integer> received = new ArrayList<>();
  private Server server = InProcessServerBuilder.forName(NAME).build();
  private ManagedChannel channel = InProcessChannelBuilder.forName(NAME).build();

  @BeforeEach
  void start() throws IOException {
    server =
        InProcessServerBuilder.forName(NAME)
            .directExecutor()
            .addService(
                DataStream.PRODUCE.serve(
                    this::countBytes, ProduceServiceGrpc.bindService(new GivesIds())))
            .addService(DataStream.FETCH.serve(answers -> ignore()))
            .addService(DataStream.REPLICATE.serve(answers -> ignore()))
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(NAME).directExecutor().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void carriesBatchesBesideTheirMessages() {
    var answers = new ArrayList<ProduceResponse>();

    var requests = DataStream.PRODUCE.open(channel, CallOptions.DEFAULT, into(answers));
    requests.onNext(request(1, 100));
    requests.onNext(request(2, 70_000));
    requests.onCompleted();

    assertThat(received).containsExactly(100, 70_000);
    assertThat(answers)
        .extracting(answer -> answer.getResults(0).getRequestId())
        .containsExactly(1L, 2L);
  }

  @Test
  void serveClientsThatWereGenerated() {
    var answers = new ArrayList<ProduceResponse>();

    var requests = ProduceServiceGrpc.newStub((Channel) channel).produce(into(answers));
    requests.onNext(
        ProduceRequest.newBuilder()
            .setRequestId(7)
            .setBatch(ByteString.copyFrom(new byte[300]))
            .build());
    requests.onCompleted();

    assertThat(received).containsExactly(300);
    assertThat(answers).hasSize(1);
  }

  @Test
  void servesTheOtherMethodsOfItsServiceBesideIt() {
    var ids = ProduceServiceGrpc.newBlockingStub(channel);

    var given = ids.initProducer(InitProducerRequest.newBuilder().setClientId("orders").build());

    assertThat(given.getProducerId()).isEqualTo(42);
  }

  private static final class GivesIds implements ProduceServiceGrpc.AsyncService {
    @Override
    public void initProducer(
        InitProducerRequest request, StreamObserver<InitProducerResponse> answer) {
      answer.onNext(InitProducerResponse.newBuilder().setProducerId(42).build());
      answer.onCompleted();
    }
  }

  private static WithBatches<ProduceRequest> request(long id, int bytes) {
    return new WithBatches<>(
        ProduceRequest.newBuilder().setRequestId(id).build(),
        BatchBytes.of(ByteBuffer.allocate(bytes)));
  }

  private StreamObserver<WithBatches<ProduceRequest>> countBytes(
      StreamObserver<ProduceResponse> answers) {
    return observer(
        request -> {
          received.add(request.batches().size());
          answers.onNext(
              ProduceResponse.newBuilder()
                  .addResults(
                      ProduceResult.newBuilder().setRequestId(request.header().getRequestId()))
                  .build());
        },
        answers::onCompleted);
  }

  private static <T> StreamObserver<T> into(List<T> all) {
    return observer(all::add, () -> {});
  }

  private static <T> StreamObserver<T> ignore() {
    return observer(value -> {}, () -> {});
  }

  private static <T> StreamObserver<T> observer(Consumer<T> each, Runnable completed) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T value) {
        each.accept(value);
      }

      @Override
      public void onError(Throwable failure) {
        throw new AssertionError(failure);
      }

      @Override
      public void onCompleted() {
        completed.run();
      }
    };
  }
}
