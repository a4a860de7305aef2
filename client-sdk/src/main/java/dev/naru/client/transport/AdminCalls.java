package dev.naru.client.transport;

import com.google.protobuf.Empty;
import dev.naru.client.ClientConfig;
import dev.naru.client.NaruException;
import dev.naru.client.core.RetryPolicy;
import dev.naru.proto.admin.v1.Cluster;
import dev.naru.proto.admin.v1.ClusterAdminServiceGrpc;
import dev.naru.proto.admin.v1.CreateTopicRequest;
import dev.naru.proto.admin.v1.CreateTopicResult;
import dev.naru.proto.admin.v1.CreateTopicsRequest;
import dev.naru.proto.admin.v1.DeleteTopicRequest;
import dev.naru.proto.admin.v1.ElectLeadersRequest;
import dev.naru.proto.admin.v1.ElectLeadersResponse;
import dev.naru.proto.admin.v1.GetClusterRequest;
import dev.naru.proto.admin.v1.GetTopicRequest;
import dev.naru.proto.admin.v1.ListNodesRequest;
import dev.naru.proto.admin.v1.ListNodesResponse;
import dev.naru.proto.admin.v1.ListSalvageRequest;
import dev.naru.proto.admin.v1.ListSalvageResponse;
import dev.naru.proto.admin.v1.ListTopicsRequest;
import dev.naru.proto.admin.v1.ListTopicsResponse;
import dev.naru.proto.admin.v1.NodeAdminServiceGrpc;
import dev.naru.proto.admin.v1.PartitionAdminServiceGrpc;
import dev.naru.proto.admin.v1.ReadSalvageRequest;
import dev.naru.proto.admin.v1.ReadSalvageResponse;
import dev.naru.proto.admin.v1.RecoverPartitionRequest;
import dev.naru.proto.admin.v1.RecoverPartitionResponse;
import dev.naru.proto.admin.v1.SalvageAdminServiceGrpc;
import dev.naru.proto.admin.v1.Topic;
import dev.naru.proto.admin.v1.TopicAdminServiceGrpc;
import dev.naru.proto.admin.v1.TruncatePartitionRequest;
import dev.naru.proto.admin.v1.TruncatePartitionResponse;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Admin calls, which any node takes. One that cannot be reached or is not ready is passed over;
 * what can do no harm twice is tried again for a while, because a new controller is elected in
 * about a second. The futures complete on the loop.
 */
public final class AdminCalls {

  /** Beyond this a cluster does not recover by itself in time for whoever waits. */
  private static final long TRYING_NANOS_MAX = Duration.ofSeconds(5).toNanos();

  /** Of a call that may be repeated: a node that takes longer hangs. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  /**
   * A node says that the quorum is lost when it has waited for a controller for long. One may be
   * cut off; where a second one finds none either, the rest would only take as long again each.
   */
  private static final int QUORUM_LOST_TOLD = 2;

  private final ClientConfig config;
  private final Router router;
  private final Channels channels;
  private final ClientLoop loop;
  private final RandomGenerator dice;
  private final RetryPolicy retry;

  /** Asks through these channels. */
  public AdminCalls(
      ClientConfig config,
      Router router,
      Channels channels,
      ClientLoop loop,
      RandomGenerator dice) {
    this.config = config;
    this.router = router;
    this.channels = channels;
    this.loop = loop;
    this.dice = dice;
    this.retry = RetryPolicy.of(config);
  }

  /** Creates; the request's id makes repeating it harmless. */
  public CompletableFuture<Topic> createTopic(CreateTopicRequest request) {
    return call(TopicAdminServiceGrpc.getCreateTopicMethod(), request, Repeat.HARMLESS);
  }

  /**
   * Creates many with one call; the ids make repeating it harmless. Those that fail for reasons
   * that may pass are tried again one by one. The futures are in the order of the request.
   */
  public List<CompletableFuture<Topic>> createTopics(CreateTopicsRequest request) {
    var response = call(TopicAdminServiceGrpc.getCreateTopicsMethod(), request, Repeat.HARMLESS);
    var topics = new ArrayList<CompletableFuture<Topic>>();
    for (int i = 0; i < request.getTopicsCount(); i++) {
      int place = i;
      topics.add(
          response.thenCompose(all -> topicOf(all.getResults(place), request.getTopics(place))));
    }
    return topics;
  }

  private CompletableFuture<Topic> topicOf(CreateTopicResult result, CreateTopicRequest request) {
    if (!result.hasError()) {
      return CompletableFuture.completedFuture(result.getTopic());
    }
    var failure = Statuses.exception(StatusProto.toStatusRuntimeException(result.getError()));
    return failure.isRetriable() ? createTopic(request) : CompletableFuture.failedFuture(failure);
  }

  /** Describes. */
  public CompletableFuture<Topic> getTopic(GetTopicRequest request) {
    return call(TopicAdminServiceGrpc.getGetTopicMethod(), request, Repeat.AT_ANY_NODE);
  }

  /** Lists one page. */
  public CompletableFuture<ListTopicsResponse> listTopics(ListTopicsRequest request) {
    return call(TopicAdminServiceGrpc.getListTopicsMethod(), request, Repeat.AT_ANY_NODE);
  }

  /**
   * Deletes; not repeated once it may have arrived, or the answer would be that there is no topic.
   */
  public CompletableFuture<Empty> deleteTopic(DeleteTopicRequest request) {
    return call(TopicAdminServiceGrpc.getDeleteTopicMethod(), request, Repeat.IF_UNSENT);
  }

  /**
   * Lets a partition begin later. Nodes that do not lead it refuse, and the next one is asked;
   * doing it twice changes nothing.
   */
  public CompletableFuture<TruncatePartitionResponse> truncatePartition(
      TruncatePartitionRequest request) {
    return call(PartitionAdminServiceGrpc.getTruncatePartitionMethod(), request, Repeat.HARMLESS);
  }

  /** Lets preferred leaders lead; doing it twice changes nothing. */
  public CompletableFuture<ElectLeadersResponse> electLeaders(ElectLeadersRequest request) {
    return call(PartitionAdminServiceGrpc.getElectLeadersMethod(), request, Repeat.HARMLESS);
  }

  /**
   * Lets a replica lead that may lack acknowledged records; not repeated once it may have arrived,
   * or the answer would be that there is a leader.
   */
  public CompletableFuture<RecoverPartitionResponse> recoverPartition(
      RecoverPartitionRequest request) {
    return call(
        PartitionAdminServiceGrpc.getRecoverPartitionMethod(),
        request,
        request.getValidateOnly() ? Repeat.HARMLESS : Repeat.IF_UNSENT);
  }

  /** The failure that a part of an answer tells of. */
  public static NaruException failure(com.google.rpc.Status status) {
    return Statuses.exception(StatusProto.toStatusRuntimeException(status));
  }

  /** Describes. */
  public CompletableFuture<Cluster> getCluster(GetClusterRequest request) {
    return call(ClusterAdminServiceGrpc.getGetClusterMethod(), request, Repeat.AT_ANY_NODE);
  }

  /** Lists one page. */
  public CompletableFuture<ListNodesResponse> listNodes(ListNodesRequest request) {
    return call(NodeAdminServiceGrpc.getListNodesMethod(), request, Repeat.AT_ANY_NODE);
  }

  /**
   * Until when single nodes may be asked, so that whoever waits for {@code request.timeout.ms} in
   * all still hears which of them did not answer.
   */
  public long shareOfTimeout() {
    return loop.nanoTime() + config.requestTimeout().toNanos() / 4 * 3;
  }

  /** Lists one page of what this node has set aside, if it answers by this time. */
  public CompletableFuture<ListSalvageResponse> listSalvage(
      HostPort node, ListSalvageRequest request, long untilNanos) {
    return run(
        new Call<>(
            SalvageAdminServiceGrpc.getListSalvageMethod(),
            request,
            Repeat.AT_ANY_NODE,
            new Whom(() -> List.of(node), channels::call),
            untilNanos));
  }

  /** Reads one page of an entry of this node. */
  public CompletableFuture<ReadSalvageResponse> readSalvage(
      HostPort node, ReadSalvageRequest request) {
    return run(
        new Call<>(
            SalvageAdminServiceGrpc.getReadSalvageMethod(),
            request,
            Repeat.AT_ANY_NODE,
            new Whom(() -> List.of(node), channels::callForRecords),
            timeout()));
  }

  private <Q, A> CompletableFuture<A> call(
      MethodDescriptor<Q, A> method, Q request, Repeat repeat) {
    var anybody = new Whom(router::anyNode, channels::call);
    return run(new Call<>(method, request, repeat, anybody, timeout()));
  }

  private long timeout() {
    return loop.nanoTime() + config.requestTimeout().toNanos();
  }

  private <Q, A> CompletableFuture<A> run(Call<Q, A> call) {
    loop.execute(call::beginRound);
    return call.answer;
  }

  /** Which nodes are asked, one after the other, and how. */
  private record Whom(Supplier<List<HostPort>> nodes, Way way) {}

  @FunctionalInterface
  private interface Way {
    <Q, A> CompletableFuture<A> call(
        HostPort address, MethodDescriptor<Q, A> method, Q request, Duration limit);
  }

  private enum Repeat {
    /** It changes nothing, and each node answers by itself. */
    AT_ANY_NODE,
    /** It changes nothing more; a node may have to wait for the controller before it answers. */
    HARMLESS,
    /** Only what certainly did not arrive. */
    IF_UNSENT
  }

  /** One call, over all nodes that are asked for it. Owned by the loop. */
  private final class Call<Q, A> {

    private final MethodDescriptor<Q, A> method;
    private final Q request;
    private final Repeat repeat;
    private final Whom whom;
    private final long startedNanos = loop.nanoTime();
    private final long untilNanos;
    private final CompletableFuture<A> answer = new CompletableFuture<>();
    private final Deque<HostPort> round = new ArrayDeque<>();
    private final StringBuilder unreachable = new StringBuilder();
    private @Nullable NaruException told; // what a node said last, other than nothing
    private boolean hasAnyAnswered;
    private int failures;
    private int quorumsLost;

    Call(MethodDescriptor<Q, A> method, Q request, Repeat repeat, Whom whom, long untilNanos) {
      this.method = method;
      this.request = request;
      this.repeat = repeat;
      this.whom = whom;
      this.untilNanos = untilNanos;
    }

    void beginRound() {
      round.addAll(whom.nodes.get());
      unreachable.setLength(0);
      hasAnyAnswered = false;
      askNext();
    }

    private void askNext() {
      var address = round.removeFirst();
      loop.whenDone(
          whom.way.call(address, method, request, limit()),
          answer::complete,
          failure -> onFailure(address, failure));
    }

    /**
     * One that hangs leaves time for those that can be asked after it. But not less than a node may
     * take to find that there is no controller, or its reason would never be heard.
     */
    private Duration limit() {
      long left = Math.max(untilNanos - loop.nanoTime(), 0);
      long share = round.isEmpty() ? left : left / 2;
      return Duration.ofNanos(
          switch (repeat) {
            case AT_ANY_NODE -> Math.min(share, ANSWER_MAX.toNanos());
            case HARMLESS -> Math.min(left, ANSWER_MAX.toNanos());
            case IF_UNSENT -> left;
          });
    }

    private void onFailure(HostPort address, NaruException failure) {
      boolean isUnsent = Statuses.isUnsent(failure);
      if (isUnsent) {
        unreachable.append(unreachable.isEmpty() ? "" : "; ").append(address).append(": ");
        unreachable.append(failure.getMessage());
      }
      hasAnyAnswered |= !isUnsent;
      if (!isUnsent && failure.code() != ErrorCode.REQUEST_TIMEOUT) {
        told = failure;
      }
      if (failure.code() == ErrorCode.METADATA_QUORUM_LOST) {
        quorumsLost++;
      }
      if (failure.code() == ErrorCode.NOT_LEADER) {
        router.refresh(); // the next round asks all nodes, and not only those that were named
      }
      boolean mayRepeat =
          failure.isRetriable()
              && (isUnsent
                  || repeat != Repeat.IF_UNSENT
                  || failure.code() == ErrorCode.NODE_STARTING);
      if (!mayRepeat) {
        answer.completeExceptionally(failure);
      } else if (quorumsLost >= QUORUM_LOST_TOLD && isOver(0)) {
        answer.completeExceptionally(reason(failure));
      } else if (!round.isEmpty()) {
        askNext();
      } else {
        endRound(failure);
      }
    }

    /** That the time is over says less than why nodes asked for more of it. */
    private NaruException reason(NaruException last) {
      var heard = told;
      return heard != null && last.code() == ErrorCode.REQUEST_TIMEOUT ? heard : last;
    }

    /** Whether the time for trying will be over by then. */
    private boolean isOver(long waitNanos) {
      long then = loop.nanoTime() + waitNanos;
      return then - startedNanos > TRYING_NANOS_MAX || then - untilNanos > 0;
    }

    private void endRound(NaruException last) {
      if (!hasAnyAnswered) {
        answer.completeExceptionally(
            new NaruException(
                ErrorCode.BOOTSTRAP_UNREACHABLE,
                "Expected one of " + whom.nodes.get() + " to answer, but none did: " + unreachable,
                last.details(),
                last));
        return;
      }
      long wait = retry.waitNanos(++failures, dice);
      if (isOver(wait)) {
        answer.completeExceptionally(reason(last));
      } else {
        loop.schedule(wait, this::beginRound);
      }
    }
  }
}
