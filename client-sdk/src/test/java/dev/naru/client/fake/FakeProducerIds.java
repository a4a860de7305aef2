package dev.naru.client.fake;

import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.InitProducerRequest;
import dev.naru.proto.v1.InitProducerResponse;
import dev.naru.proto.v1.ProduceServiceGrpc;
import io.grpc.stub.StreamObserver;

/** Gives producers their ids. */
final class FakeProducerIds extends ProduceServiceGrpc.ProduceServiceImplBase {

  private final FakeCluster cluster;
  private final FakeNode node;

  FakeProducerIds(FakeCluster cluster, FakeNode node) {
    this.cluster = cluster;
    this.node = node;
  }

  @Override
  public void initProducer(
      InitProducerRequest request, StreamObserver<InitProducerResponse> answers) {
    cluster.calls.add("InitProducer@" + node.id());
    if (node.hangs()) {
      return;
    }
    var answer = InitProducerResponse.newBuilder().setStateKeptMs(cluster.producersKeptMillis());
    if (cluster.refusesProducers()) {
      answer
          .setError(ErrorCode.ERROR_CODE_TOO_MANY_REQUESTS)
          .setErrorMessage("Expected fewer producers");
    } else {
      answer.setError(ErrorCode.ERROR_CODE_NONE).setProducerId(cluster.nextProducerId());
    }
    answers.onNext(answer.build());
    answers.onCompleted();
  }
}
