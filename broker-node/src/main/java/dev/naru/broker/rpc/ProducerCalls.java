package dev.naru.broker.rpc;

import dev.naru.proto.v1.InitProducerRequest;
import dev.naru.proto.v1.InitProducerResponse;
import dev.naru.proto.v1.ProduceServiceGrpc.ProduceServiceImplBase;
import dev.naru.proto.v1.ReportKeysRequest;
import dev.naru.proto.v1.ReportKeysResponse;
import io.grpc.stub.StreamObserver;

/** The calls of producers that carry no batches. For any thread. */
public final class ProducerCalls extends ProduceServiceImplBase {

  private final NewProducers newProducers;
  private final HotKeyReports hotKeys;

  /** Answers by these. */
  public ProducerCalls(NewProducers newProducers, HotKeyReports hotKeys) {
    this.newProducers = newProducers;
    this.hotKeys = hotKeys;
  }

  @Override
  public void initProducer(
      InitProducerRequest request, StreamObserver<InitProducerResponse> response) {
    UnaryCalls.answer(response, () -> newProducers.init(request));
  }

  @Override
  public void reportKeys(ReportKeysRequest request, StreamObserver<ReportKeysResponse> response) {
    UnaryCalls.answer(response, () -> hotKeys.take(request));
  }
}
