package dev.naru.client.fake;

import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.InitProducerRequest;
import dev.naru.proto.v1.InitProducerResponse;
import dev.naru.proto.v1.ProduceServiceGrpc;
import dev.naru.proto.v1.ReportKeysRequest;
import dev.naru.proto.v1.ReportKeysResponse;
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
  public void reportKeys(ReportKeysRequest request, StreamObserver<ReportKeysResponse> answers) {
    cluster.keyReports.addAll(request.getReportsList());
    answers.onNext(ReportKeysResponse.newBuilder().setError(ErrorCode.ERROR_CODE_NONE).build());
    answers.onCompleted();
  }

  @Override
  public void initProducer(
      InitProducerRequest request, StreamObserver<InitProducerResponse> answers) {
    cluster.calls.add("InitProducer@" + node.id());
    cluster.clientIds.add(request.getClientId());
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
