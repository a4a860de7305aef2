package dev.naru.metadata.balance;

import static dev.naru.metadata.balance.Plans.MIB;
import static dev.naru.metadata.balance.Plans.nodes;
import static dev.naru.metadata.balance.Plans.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.Placement;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePSet;

class RebalancePlannerTest {

  private final Plans plans = new Plans();

  @Test
  void aNewNodeGetsItsShareAndNothingMovesBetweenOthers() {
    start(1, 2, 3);
    var topic =
        plans.placed(
            "orders",
            100 * MIB,
            on(1, 2, 3),
            on(2, 3, 1),
            on(3, 1, 2),
            on(1, 2, 3),
            on(2, 3, 1),
            on(3, 1, 2),
            on(1, 2, 3),
            on(2, 3, 1));
    start(4);

    var plan = plans.plan(RebalanceAim.BYTES);

    assertThat(plan.changes())
        .hasSize(6)
        .allSatisfy(change -> {
          assertThat(change.to()).contains(new NodeId(4)).hasSize(3);
          assertThat(change.bytes()).isEqualTo(100 * MIB);
          assertThat(change.epoch())
              .isEqualTo(plans.cluster.partition(change.partition()).partitionEpoch());
        });
    assertThat(plan.nodes())
        .extracting(each -> each.before().replicas())
        .containsExactly(8, 8, 8, 0);
    assertThat(plan.nodes())
        .extracting(each -> each.after().replicas())
        .containsExactly(6, 6, 6, 6);
    assertThat(plan.nodes().getLast().after().leaders()).isEqualTo(2);
    assertThat(plan.changes().getFirst().why())
        .isEqualTo("node 3 counts 800 MiB, node 4 counts 0 B");

    plans.carryOut(plan);

    assertThat(plans.plan(RebalanceAim.BYTES).changes()).isEmpty();
    assertThat(
            plans.cluster.image().topic(topic).orElseThrow().partitions().stream()
                .filter(entry -> entry.isLedBy(new NodeId(4))))
        .hasSize(2);
  }

  @Test
  void aNodeThatHoldsNothingGetsReplicasThatHoldNothing() {
    start(1, 2);
    plans.placed("empty", 0, on(1), on(1), on(2), on(2));
    start(3);

    assertThat(plans.plan(RebalanceAim.BYTES).changes()).hasSize(1);
  }

  @Test
  void whatIsEvenEnoughStays() {
    start(1, 2);
    plans.placed("a", 105 * MIB, on(1));
    plans.placed("b", 100 * MIB, on(2));
    plans.placed("c", 1 * MIB, on(1));

    assertThat(plans.plan(RebalanceAim.BYTES).changes()).isEmpty();
    assertThat(plans.plan(RebalanceAim.LEADERS).changes()).isEmpty();
  }

  @Test
  void onePartitionThatIsLargerThanAllOthersStays() {
    start(1, 2);
    plans.placed("large", 1000 * MIB, on(1));

    assertThat(plans.plan(RebalanceAim.BYTES).changes()).as("to and fro").isEmpty();
  }

  @Test
  void aLargerDiskHoldsMore() {
    start(1, 2);
    plans.placed("orders", 100 * MIB, on(1), on(1), on(1), on(2), on(2), on(2));
    disk(1, 300, 1_000);
    disk(2, 300, 3_000);

    assertThat(plans.plan(RebalanceAim.BYTES).changes()).isEmpty();
    var plan = plans.plan(RebalanceAim.DISK);

    assertThat(plan.changes()).hasSize(1);
    assertThat(plan.changes().getFirst().why())
        .isEqualTo("node 1 uses 30.0 % of its disks, node 2 uses 10.0 % of its disks");
    assertThat(plan.nodes())
        .extracting(each -> each.after().diskUsed().orElseThrow())
        .containsExactly(0.2, 400 / 3_000.0);
  }

  /** Else a plan that is asked for again a minute later would send as much once more. */
  @Test
  void whatIsOnItsWayCountsThoughNoDiskTellsOfItYet() {
    start(1, 2);
    plans.placed("orders", 100 * MIB, on(1), on(1), on(1), on(1), on(1), on(1));
    disk(1, 600, 1_000);
    disk(2, 0, 1_000);
    var plan = plans.plan(RebalanceAim.DISK);
    assertThat(plan.changes()).hasSize(3);

    plans.begin(plan);

    assertThat(plans.plan(RebalanceAim.DISK).changes()).isEmpty();
  }

  @Test
  void noDiskIsFilledToItsAlarm() {
    start(1, 2);
    plans.placed("orders", 100 * MIB, on(1), on(1), on(1), on(1));
    disk(1, 400, 2_000);
    disk(2, 700, 1_000);

    assertThat(plans.plan(RebalanceAim.BYTES).changes()).as("700 + 100 of 850").hasSize(1);
  }

  @Test
  void partitionsThatUseTooFewRacksAreMended() {
    rack(1, "a");
    rack(2, "a");
    rack(3, "b");
    rack(4, "b");
    var topic = plans.placed("orders", 10 * MIB, on(1, 2), on(3, 4), on(1, 3), on(2, 4));

    var plan = plans.plan(RebalanceAim.BYTES);
    assertThat(plan.changes())
        .allSatisfy(change -> assertThat(change.why()).contains("two replicas"));
    plans.carryOut(plan);

    for (int number = 0; number < 4; number++) {
      assertThat(plans.entry(topic, number).replicaNodes())
          .as("partition " + number)
          .containsAnyOf(new NodeId(1), new NodeId(2))
          .containsAnyOf(new NodeId(3), new NodeId(4));
    }
  }

  @Test
  void noPartitionGetsIntoFewerRacks() {
    rack(1, "a");
    rack(2, "b");
    plans.placed("orders", 100 * MIB, on(1, 2), on(1, 2), on(1, 2));
    rack(3, "b");

    var plan = plans.plan(RebalanceAim.BYTES);

    assertThat(plan.changes())
        .isNotEmpty()
        .allSatisfy(change -> {
          assertThat(change.to()).contains(new NodeId(1), new NodeId(3));
        });
  }

  @Test
  void drainedAndDeadNodesNeitherGiveNorGet() {
    start(1, 2, 3, 4, 5);
    plans.placed("orders", 100 * MIB, on(1), on(1), on(1), on(1), on(2), on(2), on(2), on(2));
    plans.cluster.accept(new DrainNode(plans.cluster.draw(), new NodeId(3)));
    plans.cluster.fence(4);
    plans.cluster.fence(2);

    var plan = plans.plan(RebalanceAim.BYTES);

    assertThat(plan.changes())
        .hasSize(2)
        .allSatisfy(change -> {
          assertThat(change.from()).isEqualTo(nodes(1));
          assertThat(change.to()).isEqualTo(nodes(5));
        });
    assertThat(plan.nodes()).extracting(NodeShare::node).isEqualTo(nodes(1, 5));
    assertThat(plan.notes())
        .contains("left out: node 2 (fenced), node 3 (drained), node 4 (fenced)");
  }

  @Test
  void whatMovesAlreadyIsLeftAlone() {
    start(1, 2, 3);
    var topic = plans.placed("orders", 100 * MIB, on(1), on(1), on(1));
    var moving = new PartitionId(topic, 0);
    plans.cluster.accept(
        new ReassignPartitions(
            plans.cluster.draw(), List.of(new Placement(moving, nodes(2))), OptionalLong.empty()));

    var plan = plans.plan(RebalanceAim.BYTES);

    assertThat(plan.changes()).hasSize(1);
    assertThat(plan.changes().getFirst().partition()).isNotEqualTo(moving);
    assertThat(plan.changes().getFirst().to()).as("2 is to get one already").isEqualTo(nodes(3));
  }

  @Test
  void partitionsOfUnknownSizeOrNotInSyncAreLeftOutAndNamed() {
    start(1, 2);
    var topic = plans.placed("orders", 100 * MIB, on(1), on(1), on(1));
    plans.bytes.remove(new PartitionId(topic, 1));

    var plan = plans.plan(RebalanceAim.BYTES);

    assertThat(plan.changes())
        .extracting(PlannedChange::partition)
        .containsExactly(new PartitionId(topic, 0));
    assertThat(plan.notes()).contains("left out, as nobody said how large they are: orders/1");
  }

  @Test
  void onlyAskedTopicsMove() {
    start(1, 2);
    plans.placed("a", 100 * MIB, on(1), on(1));
    var asked = plans.placed("b", 100 * MIB, on(1), on(1));

    var plan =
        RebalancePlanner.plan(
            plans.cluster.image(),
            Measured.of(plans.bytes, plans.disks),
            new RebalanceRequest(RebalanceAim.BYTES, Optional.of(TreePSet.singleton(asked)), 100));

    assertThat(plan.changes())
        .hasSize(2)
        .allSatisfy(change -> assertThat(change.partition().topic()).isEqualTo(asked));
  }

  @Test
  void aPlanMayBeCutShort() {
    start(1, 2);
    plans.placed("orders", 100 * MIB, on(1), on(1), on(1), on(1), on(1), on(1));

    var plan = plans.plan(RebalanceAim.BYTES, 2);

    assertThat(plan.changes()).hasSize(2);
    assertThat(plan.isCutShort()).isTrue();
    plans.carryOut(plan);
    assertThat(plans.plan(RebalanceAim.BYTES, 2).isCutShort()).isFalse();
  }

  // ---- leaders

  @Test
  void leadershipsGoBackToThePreferredLeaders() {
    start(1, 2, 3);
    plans.placed("orders", MIB, on(1, 2, 3), on(2, 3, 1), on(3, 1, 2));
    plans.cluster.fence(1);
    plans.cluster.restart(1);
    plans.cluster.image().partitionIds().toList().forEach(plans::catchUp);
    assertThat(plans.plan(RebalanceAim.LEADERS).nodes().getFirst().before().leaders()).isZero();

    var plan = plans.plan(RebalanceAim.LEADERS);

    assertThat(plan.changes()).hasSize(1);
    assertThat(plan.changes().getFirst().to()).isEqualTo(plan.changes().getFirst().from());
    assertThat(plan.changes().getFirst().bytes()).isZero();
    plans.carryOut(plan);
    assertThat(plans.plan(RebalanceAim.LEADERS).changes()).isEmpty();
  }

  @Test
  void wherePreferredLeadersAreUnevenTheOrderChanges() {
    start(1, 2, 3);
    plans.placed("orders", MIB, on(1, 2, 3), on(1, 2, 3), on(1, 2, 3), on(1, 2, 3));

    var plan = plans.plan(RebalanceAim.LEADERS);

    assertThat(plan.changes())
        .hasSize(2)
        .allSatisfy(change -> {
          assertThat(change.to()).containsExactlyInAnyOrderElementsOf(change.from());
          assertThat(change.why()).startsWith("node 1 leads 4 partitions, node ");
        });
    plans.carryOut(plan);
    assertThat(plans.plan(RebalanceAim.LEADERS).changes()).isEmpty();
  }

  @Test
  void moreDisplacedLeadersThanMayChangeGoBackBitByBit() {
    start(1, 2);
    int[][] replicas = new int[20][];
    for (int number = 0; number < replicas.length; number++) {
      replicas[number] = number % 2 == 0 ? on(1, 2) : on(2, 1);
    }
    plans.placed("orders", MIB, replicas);
    plans.cluster.fence(1);
    plans.cluster.restart(1);
    plans.cluster.image().partitionIds().toList().forEach(plans::catchUp);

    var plan = plans.plan(RebalanceAim.LEADERS, 5);

    assertThat(plan.changes())
        .hasSize(5)
        .allSatisfy(change -> assertThat(change.to()).isEqualTo(change.from()));
    assertThat(plan.isCutShort()).isTrue();
    assertThat(plan.nodes()).extracting(each -> each.after().leaders()).containsExactly(5, 15);
    plans.carryOut(plan);
    plans.carryOut(plans.plan(RebalanceAim.LEADERS, 5));
    assertThat(plans.plan(RebalanceAim.LEADERS, 5))
        .satisfies(last -> {
          assertThat(last.changes()).isEmpty();
          assertThat(last.isCutShort()).isFalse();
        });
  }

  private void start(int... ids) {
    for (int id : ids) {
      plans.cluster.start(id);
    }
  }

  private void rack(int id, String rack) {
    plans.cluster.registerInRack(id, rack);
  }

  private void disk(int node, long usedMib, long totalMib) {
    plans.disks.put(new NodeId(node), new DiskUse(usedMib * MIB, totalMib * MIB));
  }
}
