package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.broker.replica.LedCluster;
import dev.naru.metadata.balance.DiskUse;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.log.QuorumView;
import dev.naru.proto.admin.v1.PlanRebalanceRequest;
import dev.naru.proto.admin.v1.PlanRebalanceRequest.Aim;
import dev.naru.proto.admin.v1.PlannedChange;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import io.grpc.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RebalancePlansTest {

  private static final long MIB = 1 << 20;

  /** Partition p has one copy, on node 1 + p % 3. */
  private final ClusterImage image = LedCluster.of(3, 6, 1);

  private final TreeSet<NodeId> silent = new TreeSet<>();
  private final RebalancePlans plans = new RebalancePlans(this::cluster, this::storage);

  @Test
  void asksAllNodesHowLargeTheirReplicasAre() {
    var plan = plans.plan(request(Aim.AIM_BYTES).build());

    assertThat(plan.getMetadataIndex()).isEqualTo(10);
    assertThat(plan.getNodesList()).hasSize(3);
    assertThat(plan.getNodes(2).getBefore().getBytes()).isEqualTo(600 * MIB);
    assertThat(plan.getNodesList())
        .allSatisfy(node -> assertThat(node.getAfter().getBytes()).isEqualTo(400 * MIB));
    assertThat(plan.getChangesList()).extracting(PlannedChange::getPartition).containsExactly(0, 2);
    assertThat(plan.getChanges(1))
        .satisfies(change -> {
          assertThat(change.getTopic()).isEqualTo("topics/t");
          assertThat(change.getFromList()).containsExactly(3);
          assertThat(change.getToList()).containsExactly(1);
          assertThat(change.getBytes()).isEqualTo(300 * MIB);
          assertThat(change.getLeader()).isEqualTo(3);
          assertThat(change.getPartitionEpoch()).isZero();
        });
  }

  @Test
  void leavesOutWhatNobodyToldOfAndSaysSo() {
    silent.add(new NodeId(3));

    var plan = plans.plan(request(Aim.AIM_BYTES).build());

    assertThat(plan.getNotesList())
        .contains("did not say how full they are: nodes [3]")
        .contains("left out, as nobody said how large they are: t/2, t/5");
  }

  @Test
  void asksNobodyForAPlanByLeaders() {
    silent.addAll(image.nodes().keySet());

    var plan = plans.plan(request(Aim.AIM_LEADERS).build());

    assertThat(plan.getChangesList()).isEmpty();
    assertThat(plan.getNotesList()).isEmpty();
  }

  @Test
  void refusesARequestThatSaysNothing() {
    assertThatThrownBy(() -> plans.plan(PlanRebalanceRequest.getDefaultInstance()))
        .hasMessageContaining("Expected AIM_LEADERS, AIM_BYTES or AIM_DISK");
    assertThatThrownBy(() -> plans.plan(request(Aim.AIM_BYTES).setPartitionsMax(-1).build()))
        .hasMessageContaining("Expected partitions_max >= 0");
    assertThatThrownBy(() -> plans.plan(request(Aim.AIM_BYTES).addTopics("topics/no").build()))
        .hasMessageContaining("no");
  }

  @Test
  void makesOnePlanAtATime() {
    var refusals = new ArrayList<String>();
    var busy = new ArrayList<RebalancePlans>();
    busy.add(
        new RebalancePlans(
            this::cluster,
            node -> {
              assertThatThrownBy(() -> busy.getFirst().plan(request(Aim.AIM_LEADERS).build()))
                  .satisfies(why -> refusals.add(String.valueOf(why.getMessage())));
              return storage(node);
            }));

    busy.getFirst().plan(request(Aim.AIM_BYTES).build());

    assertThat(refusals)
        .hasSize(3)
        .allSatisfy(why -> assertThat(why).contains("Expected one plan at a time"));
    assertThat(busy.getFirst().plan(request(Aim.AIM_LEADERS).build()).getNodesCount()).isEqualTo(3);
  }

  @Test
  void makesNoPlanForWhichNobodyWaits() {
    var call = Context.current().withCancellation();
    call.cancel(new IllegalStateException("nobody waits"));

    assertThatThrownBy(() -> call.call(() -> plans.plan(request(Aim.AIM_LEADERS).build())))
        .hasMessageContaining("nobody does");
  }

  private static PlanRebalanceRequest.Builder request(Aim aim) {
    return PlanRebalanceRequest.newBuilder().setAim(aim);
  }

  /** A partition on node n has n times 100 MiB. */
  private CompletableFuture<StoredData> storage(NodeImage node) {
    if (silent.contains(node.id())) {
      return CompletableFuture.failedFuture(new IllegalStateException("it is cut off"));
    }
    var bytes = new TreeMap<PartitionId, Long>();
    image.partitionsOn(node.id()).forEach(id -> bytes.put(id, node.id().value() * 100L * MIB));
    return CompletableFuture.completedFuture(
        new StoredData(bytes, Optional.of(new DiskUse(1_000 * MIB, 100_000 * MIB))));
  }

  private ClusterSnapshot cluster() {
    return new ClusterSnapshot(
        image,
        10,
        new QuorumView(QuorumView.Role.VOTER, 1, Optional.empty(), List.of(), List.of(), 1),
        0);
  }
}
