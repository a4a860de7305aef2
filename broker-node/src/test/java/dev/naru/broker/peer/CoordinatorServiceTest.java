package dev.naru.broker.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.proto.admin.v1.GetGroupRequest;
import dev.naru.proto.internal.v1.AskCoordinatorRequest;
import dev.naru.proto.internal.v1.AskCoordinatorResponse;
import dev.naru.proto.internal.v1.FindOffsetsRequest;
import dev.naru.proto.internal.v1.FindOffsetsResponse;
import dev.naru.proto.v1.OffsetAnswer;
import dev.naru.proto.v1.OffsetQuery;
import dev.naru.types.NodeId;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What other nodes ask node 7 of cluster c. */
class CoordinatorServiceTest {

  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private final CoordinatorService service =
      new CoordinatorService("c", new NodeId(7), waiting::add);

  @Test
  void answersOnAThreadThatMayWait() {
    service.serve(asked -> AskCoordinatorResponse.getDefaultInstance(), this::one);

    var told = ask("c", 7);
    assertThat(told.answers).isEmpty();
    waiting.remove().run();

    assertThat(told.answers).hasSize(1);
    assertThat(told.isOver).isTrue();
  }

  @Test
  void passesRefusalsOnAndKeepsFaultsToItself() {
    service.serve(
        asked -> {
          throw asked.hasGetGroup()
              ? Status.NOT_FOUND.asRuntimeException()
              : new IllegalStateException("a fault");
        },
        this::one);

    var refused = new Told<AskCoordinatorResponse>();
    service.askCoordinator(
        request("c", 7).setGetGroup(GetGroupRequest.getDefaultInstance()).build(), refused);
    var failed = ask("c", 7);
    waiting.forEach(Runnable::run);

    assertThat(refused.codes).containsExactly(Status.Code.NOT_FOUND);
    assertThat(failed.codes).containsExactly(Status.Code.INTERNAL);
  }

  @Test
  void refusesBeforeItServesAndWhatIsNotMeantForIt() {
    assertThat(ask("c", 7).codes).containsExactly(Status.Code.UNAVAILABLE);
    assertThat(find("c", 1).codes).containsExactly(Status.Code.UNAVAILABLE);
    service.serve(asked -> AskCoordinatorResponse.getDefaultInstance(), this::one);

    assertThat(ask("d", 7).codes).containsExactly(Status.Code.FAILED_PRECONDITION);
    assertThat(ask("c", 8).codes).containsExactly(Status.Code.FAILED_PRECONDITION);
    assertThat(find("d", 1).codes).containsExactly(Status.Code.FAILED_PRECONDITION);
    assertThat(find("c", 10_001).codes).containsExactly(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(waiting).isEmpty();
  }

  @Test
  void takesNoMoreThanManyAtOnce() {
    service.serve(asked -> AskCoordinatorResponse.getDefaultInstance(), this::one);
    for (int i = 0; i < 200; i++) {
      assertThat(ask("c", 7).codes).isEmpty();
    }

    assertThat(ask("c", 7).codes).containsExactly(Status.Code.RESOURCE_EXHAUSTED);
    waiting.remove().run();
    assertThat(ask("c", 7).codes).isEmpty();
  }

  @Test
  void findsOffsetsOrSaysThatItFailed() {
    service.serve(asked -> AskCoordinatorResponse.getDefaultInstance(), this::one);
    assertThat(find("c", 2).answers.getFirst().getAnswersCount()).isEqualTo(2);

    service.serve(
        asked -> AskCoordinatorResponse.getDefaultInstance(),
        queries -> CompletableFuture.failedFuture(new IllegalStateException("a fault")));
    assertThat(find("c", 2).codes).containsExactly(Status.Code.INTERNAL);
  }

  private CompletableFuture<List<OffsetAnswer>> one(List<OffsetQuery> queries) {
    return CompletableFuture.completedFuture(
        queries.stream().map(query -> OffsetAnswer.getDefaultInstance()).toList());
  }

  private Told<AskCoordinatorResponse> ask(String cluster, int node) {
    var told = new Told<AskCoordinatorResponse>();
    service.askCoordinator(request(cluster, node).build(), told);
    return told;
  }

  private static AskCoordinatorRequest.Builder request(String cluster, int node) {
    return AskCoordinatorRequest.newBuilder().setClusterId(cluster).setNode(node);
  }

  private Told<FindOffsetsResponse> find(String cluster, int queries) {
    var request = FindOffsetsRequest.newBuilder().setClusterId(cluster).setNode(7);
    for (int i = 0; i < queries; i++) {
      request.addQueries(OffsetQuery.getDefaultInstance());
    }
    var told = new Told<FindOffsetsResponse>();
    service.findOffsets(request.build(), told);
    return told;
  }

  private static final class Told<T> implements StreamObserver<T> {

    final List<T> answers = new ArrayList<>();
    final List<Status.Code> codes = new ArrayList<>();
    boolean isOver;

    @Override
    public void onNext(T answer) {
      answers.add(answer);
    }

    @Override
    public void onError(Throwable why) {
      codes.add(Status.fromThrowable(why).getCode());
    }

    @Override
    public void onCompleted() {
      isOver = true;
    }
  }
}
