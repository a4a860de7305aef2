package dev.naru.client.fake;

import dev.naru.proto.v1.Acks;
import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.LeaderHint;
import dev.naru.proto.v1.ProduceRequest;
import dev.naru.proto.v1.ProduceResponse;
import dev.naru.proto.v1.ProduceResult;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import dev.naru.wire.WithBatches;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One produce stream, with the leader's half of the rule about attempts. */
final class FakeProduce implements StreamObserver<WithBatches<ProduceRequest>> {

  private final FakeCluster cluster;
  private final FakeNode node;
  private final StreamObserver<ProduceResponse> answers;
  private final Map<PartitionId, Integer> refusedAttempts = new HashMap<>();
  private boolean isBroken;

  FakeProduce(FakeCluster cluster, FakeNode node, StreamObserver<ProduceResponse> answers) {
    this.cluster = cluster;
    this.node = node;
    this.answers = answers;
    cluster.calls.add("Produce@" + node.id());
  }

  @Override
  public void onNext(WithBatches<ProduceRequest> message) {
    cluster.produceRequests.incrementAndGet();
    if (node.hangs() || isBroken) {
      return;
    }
    var request = message.header();
    var id =
        new PartitionId(
            TopicId.of(request.getTopicId().getHigh(), request.getTopicId().getLow()),
            request.getPartition());
    var partition = cluster.partition(id.topic(), id.partition());
    var refusedAttempt = refusedAttempts.get(id);
    if (partition.isEmpty()) {
      refuse(request, id, ErrorCode.ERROR_CODE_TOPIC_NOT_FOUND);
    } else if (partition.get().leader().isEmpty()
        || partition.get().leader().getAsInt() != node.id()) {
      refuse(request, id, ErrorCode.ERROR_CODE_NOT_LEADER);
    } else if (request.getLeaderEpoch() < partition.get().leaderEpoch()) {
      refuse(request, id, ErrorCode.ERROR_CODE_FENCED_LEADER_EPOCH);
    } else if (refusedAttempt != null && refusedAttempt >= request.getAttempt()) {
      refuse(request, id, ErrorCode.ERROR_CODE_INVALID_RECORD); // must not be believed
    } else {
      perform(cluster.react(node.id(), request), message, id, partition.get());
    }
  }

  private void perform(
      Reaction reaction,
      WithBatches<ProduceRequest> message,
      PartitionId id,
      FakePartition partition) {
    var result = ProduceResult.newBuilder().setRequestId(message.header().getRequestId());
    var appended =
        reaction.appends()
            ? partition.append(message.batches())
            : new FakePartition.Appended(-1, Optional.empty());
    result
        .setError(ErrorCode.ERROR_CODE_NONE)
        .setBaseOffset(appended.base())
        .setNotAppended(!reaction.appends() || appended.refusal().isPresent());
    appended
        .refusal()
        .or(reaction::refusal)
        .ifPresent(code -> {
          refusedAttempts.put(id, message.header().getAttempt());
          result
              .clearBaseOffset()
              .setErrorValue(code.number())
              .setErrorMessage("Expected luck, but the script says " + code);
        });
    switch (reaction.reply()) {
      case AT_ONCE -> answer(message.header(), result.build());
      case WHEN_RELEASED -> cluster.held.add(() -> answer(message.header(), result.build()));
      case NEVER -> {}
      case BREAK -> {
        isBroken = true;
        answers.onError(Status.UNAVAILABLE.withDescription("broken by the script").asException());
      }
    }
  }

  private void refuse(ProduceRequest request, PartitionId id, ErrorCode code) {
    refusedAttempts.put(id, request.getAttempt());
    var result =
        ProduceResult.newBuilder()
            .setRequestId(request.getRequestId())
            .setError(code)
            .setErrorMessage("Expected another leader or attempt")
            .setNotAppended(true);
    var leader =
        cluster.partition(id.topic(), id.partition()).stream()
            .flatMapToInt(known -> known.leader().stream())
            .findFirst();
    if (code == ErrorCode.ERROR_CODE_NOT_LEADER && cluster.namesLeaders() && leader.isPresent()) {
      var known = cluster.partition(id.topic(), id.partition()).orElseThrow();
      var address = cluster.address(leader.getAsInt());
      result.setLeader(
          LeaderHint.newBuilder()
              .setNodeId(leader.getAsInt())
              .setLeaderEpoch(known.leaderEpoch())
              .setHost(address.host())
              .setPort(address.port()));
    }
    answer(request, result.build());
  }

  private void answer(ProduceRequest request, ProduceResult result) {
    synchronized (answers) { // a held answer comes from the test's thread
      if (!isBroken && request.getAcks() != Acks.ACKS_NONE) {
        answers.onNext(ProduceResponse.newBuilder().addResults(result).build());
      }
    }
  }

  @Override
  public void onError(Throwable failure) {
    isBroken = true;
  }

  @Override
  public void onCompleted() {
    answers.onCompleted();
  }
}
