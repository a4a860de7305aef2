package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.broker.replica.LedCluster;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ElrPlace;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.liveness.LogQuestion;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.QuorumView;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.proto.admin.v1.ConfirmedLoss;
import dev.naru.proto.admin.v1.LossRange;
import dev.naru.proto.admin.v1.RecoverPartitionRequest;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Node 1 led alone in epoch 4 and is gone; 2 and 3 are there with shorter logs. */
class PartitionRecoveryTest {

  private ClusterImage image = LedCluster.of(3, 1, 3);
  private final PartitionId id = image.partitionIds().findFirst().orElseThrow();
  private final Map<NodeId, LogAnswer> answers = new TreeMap<>();
  private final Map<NodeId, Throwable> faults = new TreeMap<>();
  private final List<RecoverPartitions> made = new ArrayList<>();
  private final PartitionRecovery recovery =
      new PartitionRecovery(this::cluster, this::ask, this::change);

  {
    var before = image.partition(id).orElseThrow();
    image =
        image
            .withNode(LedCluster.node(1, NodeState.FENCED))
            .withPartition(
                id,
                new PartitionImage(
                    before.replicas(),
                    TreePSet.empty(),
                    TreePMap.singleton(new NodeId(1), new ElrPlace.Awaited()),
                    TreePSet.empty(),
                    Optional.empty(),
                    new LeaderEpoch(5),
                    new PartitionEpoch(9)));
    answers(2, 4, 90);
    answers(3, 4, 100);
  }

  @Test
  void aDryRunSaysWhatEachChoiceWouldCostAndChangesNothing() {
    var plan = recovery.recover(dryRun().build());

    assertThat(plan.getLeader()).isEqualTo(3);
    assertThat(plan.getCandidatesList())
        .extracting(each -> each.getNode() + (each.getSafe() ? " safe" : "") + each.getWhyNot())
        .containsExactly("1 safe" + "the node is FENCED", "2", "3");
    assertThat(plan.getCandidates(1).getLoss().getFrom()).isEqualTo(90);
    assertThat(plan.getCandidates(1).getLoss().getTo()).isEqualTo(100);
    assertThat(plan.getLoss().getFrom()).isEqualTo(100);
    assertThat(plan.getLoss().getExact()).isFalse();
    assertThat(made).isEmpty();
  }

  @Test
  void theChoiceGoesOutWithAllAnswersAndWhatWasShown() {
    var done = recovery.recover(choice(2, 90, 90, 100));

    assertThat(done.getLeader()).isEqualTo(2);
    assertThat(done.getLoss().getFrom()).isEqualTo(90);
    assertThat(image.partition(id).orElseThrow().isLedBy(new NodeId(2))).isTrue();
    var sent = made.getFirst().recoveries().getFirst();
    assertThat(sent.answers()).containsExactlyElementsOf(answers.values());
    assertThat(sent.choice()).isEqualTo(new NodeId(2));
    assertThat(sent.shown()).isPresent();
  }

  @Test
  void nothingHappensWithoutAConfirmation() {
    assertRefused(ErrorCode.INVALID_REQUEST, request().setNode(3).build());
  }

  @Test
  void nothingHappensIfTheLossIsNoLongerAsItWasShown() {
    answers(3, 4, 110);

    assertRefused(ErrorCode.PARTITION_EPOCH_MISMATCH, choice(2, 90, 90, 100));
  }

  @Test
  void whoGivesNoAnswerCannotBeChosen() {
    answers.remove(new NodeId(2));
    faults.put(new NodeId(2), Status.UNAVAILABLE.asRuntimeException());

    assertThat(recovery.recover(dryRun().build()).getCandidates(1).getWhyNot())
        .contains("no answer");
    assertRefused(ErrorCode.INELIGIBLE_REPLICA, choice(2, 90, 90, 100));
  }

  @Test
  void whatIsNotOnDiskYetCannotBeChosen() {
    answers.put(new NodeId(2), answer(2, 4, 90, 80));

    assertThat(recovery.recover(dryRun().build()).getCandidates(1).getWhyNot())
        .contains("on disk only up to 80");
  }

  @Test
  void onlyAReplicaCanBeChosen() {
    assertRefused(ErrorCode.INELIGIBLE_REPLICA, choice(4, 90, 90, 100));
  }

  @Test
  void nothingIsGivenUpWhereSomebodyLeads() {
    image = LedCluster.of(3, 1, 3);

    assertRefused(ErrorCode.INVALID_REQUEST, dryRun().build());
  }

  @Test
  void nothingIsGivenUpThatIsComingBack() {
    image = image.withNode(LedCluster.node(1, NodeState.STARTING));
    answers(1, 4, 120);

    assertThat(recovery.recover(dryRun().build()).getCandidates(0).getWhyNot())
        .contains("is coming back");
    assertRefused(ErrorCode.NODE_STARTING, choice(2, 90, 90, 100));
  }

  @Test
  void aNodeThatSaysThatItIsStartingIsComingBack() {
    image = image.withNode(LedCluster.node(1, NodeState.STARTING));
    faults.put(
        new NodeId(1), ErrorStatus.of(new Refused(ErrorCode.NODE_STARTING, "Expected a moment")));

    assertRefused(ErrorCode.NODE_STARTING, choice(2, 90, 90, 100));
  }

  /** It registered, and died before it was there: nobody takes that back from the image. */
  @Test
  void aNodeThatStartsNoMoreHoldsNothingUp() {
    image = image.withNode(LedCluster.node(1, NodeState.STARTING));
    faults.put(new NodeId(1), Status.UNAVAILABLE.asRuntimeException());

    assertThat(recovery.recover(choice(2, 90, 90, 100)).getLeader()).isEqualTo(2);
  }

  private void assertRefused(ErrorCode code, RecoverPartitionRequest request) {
    var refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> recovery.recover(request));

    assertThat(ErrorStatus.says(refused, code)).as(String.valueOf(refused)).isTrue();
    assertThat(made).isEmpty();
  }

  // ---- what is asked

  private static RecoverPartitionRequest.Builder request() {
    return RecoverPartitionRequest.newBuilder().setTopic("topics/t").setPartition(0);
  }

  private static RecoverPartitionRequest.Builder dryRun() {
    return request().setValidateOnly(true);
  }

  private static RecoverPartitionRequest choice(int node, long end, long from, long to) {
    return request()
        .setNode(node)
        .setConfirmed(
            ConfirmedLoss.newBuilder()
                .setLastEpoch(4)
                .setEnd(end)
                .setLoss(LossRange.newBuilder().setFrom(from).setTo(to)))
        .build();
  }

  // ---- the cluster

  private void answers(int node, int epoch, long end) {
    answers.put(new NodeId(node), answer(node, epoch, end, end));
  }

  private LogAnswer answer(int node, int epoch, long end, long durableEnd) {
    var log = new LogEnd(Optional.of(new LeaderEpoch(epoch)), end);
    return new LogAnswer(
        new NodeId(node),
        LedCluster.node(node, NodeState.ACTIVE).epoch(),
        log,
        new LogEnd(log.lastEpoch(), durableEnd),
        0,
        50,
        false);
  }

  private ClusterSnapshot cluster() {
    var nobody =
        new QuorumView(QuorumView.Role.LISTENER, 1, Optional.empty(), List.of(), List.of(), 0);
    return new ClusterSnapshot(image, 1, nobody, 0);
  }

  private CompletableFuture<Map<PartitionId, LogAnswer>> ask(
      NodeImage node, List<LogQuestion> questions) {
    var fault = Optional.ofNullable(faults.get(node.id()));
    assertThat(questions).containsExactly(new LogQuestion(id, new PartitionEpoch(9)));
    return fault
        .map(CompletableFuture::<Map<PartitionId, LogAnswer>>failedFuture)
        .orElseGet(() ->
            CompletableFuture.completedFuture(
                Optional.ofNullable(answers.get(node.id()))
                    .map(answer -> Map.of(id, answer))
                    .orElse(Map.of())));
  }

  private Applied change(RecoverPartitions command) {
    made.add(command);
    var envelope = new CommandEnvelope(new NodeId(2), CommandEnvelope.UNREGISTERED, 1, 0, command);
    var decided = MetadataMachine.apply(image, 2, envelope);
    image = decided.image();
    return new Applied(2, image);
  }
}
