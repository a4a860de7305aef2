package dev.naru.client.fake;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.naru.proto.admin.v1.ListSalvageRequest;
import dev.naru.proto.admin.v1.ListSalvageResponse;
import dev.naru.proto.admin.v1.ReadSalvageRequest;
import dev.naru.proto.admin.v1.ReadSalvageResponse;
import dev.naru.proto.admin.v1.SalvageAdminServiceGrpc;
import dev.naru.proto.admin.v1.SalvageEntry;
import dev.naru.proto.admin.v1.SalvagePiece;
import dev.naru.proto.admin.v1.UnreadableDirectory;
import dev.naru.proto.v1.Uuid;
import dev.naru.record.BatchBytes;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/**
 * Every node has set three tails aside, told of one a page, and has a directory that it cannot
 * read; each tail has three batches, one a page.
 */
final class FakeSalvageAdmin extends SalvageAdminServiceGrpc.SalvageAdminServiceImplBase {

  private static final int COUNT = 3;

  private final FakeNode node;

  FakeSalvageAdmin(FakeNode node) {
    this.node = node;
  }

  @Override
  public void listSalvage(ListSalvageRequest request, StreamObserver<ListSalvageResponse> answers) {
    if (node.hangs()) {
      return;
    }
    int number = number(request.getPageToken());
    if (node.breaksOff() && number > 1) {
      answers.onError(Status.INTERNAL.withDescription("Expected a page").asRuntimeException());
      return;
    }
    var answer =
        ListSalvageResponse.newBuilder().addEntries(entry(number)).setNextPageToken(next(number));
    if (number == COUNT) {
      answer.addUnreadableDirectories(
          UnreadableDirectory.newBuilder().setLocation("/data/9").setReason("Expected a disk"));
    }
    if (node.hasNoEnd()) {
      answer.setNextPageToken("1");
    }
    answers.onNext(answer.build());
    answers.onCompleted();
  }

  private SalvageEntry entry(int number) {
    var entry =
        SalvageEntry.newBuilder()
            .setName("nodes/%d/salvage/0a1b2c3d-%d".formatted(node.id(), number))
            .setBytes(100L * number)
            .setFiles(1);
    return switch (number) {
      case 1 ->
          entry
              .setReason(SalvageEntry.Reason.REASON_CUT_TAIL)
              .setTopicId(Uuid.newBuilder().setHigh(7).setLow(2))
              .setTopic("topics/orders")
              .setPartition(3)
              .setWhy("the leader's log parts")
              .setFromOffset(40)
              .setToOffset(50)
              .setEpochs("1@0")
              .setCreateTime(Timestamp.newBuilder().setSeconds(1))
              .build();
      case 2 ->
          entry
              .setReason(SalvageEntry.Reason.REASON_UNKNOWN)
              .setUnreadable("Expected a checksum")
              .build();
      default -> entry.setReasonValue(99).build();
    };
  }

  /** The second batch is damaged on the node, the third one on its way. */
  @Override
  public void readSalvage(ReadSalvageRequest request, StreamObserver<ReadSalvageResponse> answers) {
    int number = number(request.getPageToken());
    BatchBytes batch = number == 3 ? Batches.damaged("a", "b") : Batches.at(0, "a", "b");
    byte[] bytes = new byte[batch.size()];
    batch.asByteBuffer().get(bytes);
    var piece =
        SalvagePiece.newBuilder()
            .setFile("00000000000000000040.log")
            .setFileSize(1_000)
            .setPosition(100L * number)
            .setSize(bytes.length)
            .setFault(number == 2 ? "Expected another checksum" : "");
    answers.onNext(
        ReadSalvageResponse.newBuilder()
            .addPieces(piece)
            .setBatches(number == 2 ? ByteString.EMPTY : ByteString.copyFrom(bytes))
            .setNextPageToken(next(number))
            .build());
    answers.onCompleted();
  }

  private static int number(String token) {
    return token.isEmpty() ? 1 : Integer.parseInt(token);
  }

  private static String next(int number) {
    return number == COUNT ? "" : Integer.toString(number + 1);
  }
}
