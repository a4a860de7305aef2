package dev.naru.broker.rpc;

import dev.naru.metadata.command.CancelOperation;
import dev.naru.metadata.image.OperationImage;
import dev.naru.proto.admin.v1.CancelOperationRequest;
import dev.naru.proto.admin.v1.GetOperationRequest;
import dev.naru.proto.admin.v1.ListOperationsRequest;
import dev.naru.proto.admin.v1.ListOperationsResponse;
import dev.naru.proto.admin.v1.Operation;
import dev.naru.proto.admin.v1.OperationAdminServiceGrpc.OperationAdminServiceImplBase;
import io.grpc.stub.StreamObserver;
import java.util.UUID;
import java.util.function.Supplier;

/** Shows and cancels what takes longer than a call. */
public final class OperationAdminService extends OperationAdminServiceImplBase {

  private final Supplier<ClusterSnapshot> cluster;
  private final OperationStarter operations;

  /** Answers from this view, and cancels this way. */
  public OperationAdminService(Supplier<ClusterSnapshot> cluster, OperationStarter operations) {
    this.cluster = cluster;
    this.operations = operations;
  }

  @Override
  public void listOperations(
      ListOperationsRequest request, StreamObserver<ListOperationsResponse> response) {
    UnaryCalls.answer(response, () -> list(request));
  }

  private ListOperationsResponse list(ListOperationsRequest request) {
    var now = cluster.get();
    var page =
        Paging.of(
            now.image().operations().values().stream()
                .filter(each -> each.isRunning() || !request.getRunningOnly())
                .toList(),
            request.getPageSize(),
            request.getPageToken(),
            OperationImage::id,
            UUID::fromString);
    var response =
        ListOperationsResponse.newBuilder()
            .setNextPageToken(page.nextToken())
            .setMetadataIndex(now.index());
    page.items().forEach(each -> response.addOperations(OperationCodec.brief(now.image(), each)));
    return response.build();
  }

  @Override
  public void getOperation(GetOperationRequest request, StreamObserver<Operation> response) {
    UnaryCalls.answer(
        response,
        () -> {
          var image = cluster.get().image();
          var id = NamedOperations.idOf(request.getName());
          return OperationCodec.whole(image, NamedOperations.find(image, id));
        });
  }

  @Override
  public void cancelOperation(CancelOperationRequest request, StreamObserver<Operation> response) {
    UnaryCalls.answer(
        response,
        () -> {
          var id = NamedOperations.idOf(request.getName());
          var after = operations.changed(new CancelOperation(id), false);
          return OperationCodec.whole(after, NamedOperations.find(after, id));
        });
  }
}
