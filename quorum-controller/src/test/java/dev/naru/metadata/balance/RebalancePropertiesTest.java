package dev.naru.metadata.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.balance.NodeShare.Share;
import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeState;
import dev.naru.testing.Seeds;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What holds of every plan for every cluster. */
class RebalancePropertiesTest {

  @Test
  void plansNeverMakeItWorseAndLeaveNothingToDo() {
    Seeds.forEach(
        60,
        (seed, random) -> {
          var plans = cluster(random);
          for (var aim : RebalanceAim.values()) {
            int limit = random.nextInt(4) == 0 ? 1 + random.nextInt(5) : Plans.ALL;
            var before = plans.cluster.image();
            var plan = plans.plan(aim, limit);
            assertThat(plans.plan(aim, limit)).as("the same again").isEqualTo(plan);
            assertSound(before, plan, limit);
            if (plan.changes().stream().noneMatch(change -> mendsRacks(before, change))) {
              assertNoWorse(plan, plans);
            }
            if (!plan.changes().isEmpty()) {
              plans.carryOut(plan);
            }
            var next = plans.plan(aim, limit);
            if (!plan.isCutShort()) {
              assertThat(next.changes()).as("%s again, after %s", aim, plan).isEmpty();
            }
          }
        });
  }

  private static Plans cluster(RandomGenerator random) {
    var plans = new Plans();
    int racks = random.nextInt(5);
    int first = 1 + random.nextInt(5);
    int nodes = first + random.nextInt(4);
    for (int node = 1; node <= first; node++) {
      start(plans, node, racks, random);
    }
    for (int topic = random.nextInt(1, 6); topic > 0; topic--) {
      plans.topic("t" + topic, random.nextInt(1, 12), random.nextInt(1, Math.min(6, first + 1)));
    }
    for (int node = first + 1; node <= nodes; node++) {
      start(plans, node, racks, random);
    }
    plans
        .cluster
        .image()
        .partitionIds()
        .toList()
        .forEach(id -> {
          if (random.nextInt(3) == 0) {
            plans.move(id, anywhere(plans, id, nodes, random));
          }
          if (random.nextInt(20) > 0) {
            plans.bytes.put(id, (long) Math.pow(2, random.nextDouble(34)));
          }
        });
    for (int node = 1; node <= nodes; node++) {
      if (random.nextInt(8) == 0) {
        plans.cluster.fence(node);
      } else if (random.nextInt(8) == 0) {
        plans.cluster.accept(new DrainNode(plans.cluster.draw(), new NodeId(node)));
      } else if (random.nextInt(12) == 0) {
        plans.cluster.submit(
            new DecommissionNode(plans.cluster.draw(), new NodeId(node), 7, OptionalLong.empty()));
      }
      if (random.nextInt(12) > 0) {
        long total = (1L << 38) + random.nextLong(1L << 40);
        plans.disks.put(
            new NodeId(node), new DiskUse((1L << 37) + random.nextLong(total / 2), total));
      }
    }
    return plans;
  }

  private static void start(Plans plans, int node, int racks, RandomGenerator random) {
    if (racks == 0 || random.nextInt(10) == 0) {
      plans.cluster.start(node);
    } else {
      plans.cluster.registerInRack(node, "r" + random.nextInt(racks));
    }
  }

  private static List<NodeId> anywhere(
      Plans plans, PartitionId id, int nodes, RandomGenerator random) {
    var to = new ArrayList<NodeId>();
    while (to.size() < plans.cluster.partition(id).copies()) {
      var node = new NodeId(1 + random.nextInt(nodes));
      if (!to.contains(node)) {
        to.add(node);
      }
    }
    return to;
  }

  private static void assertSound(ClusterImage image, RebalancePlan plan, int limit) {
    assertThat(plan.changes()).hasSizeLessThanOrEqualTo(limit);
    var seen = new TreeSet<PartitionId>();
    for (var change : plan.changes()) {
      var entry = image.partition(change.partition()).orElseThrow();
      assertThat(seen.add(change.partition())).as("each once").isTrue();
      assertThat(change.from()).isEqualTo(entry.replicaNodes());
      assertThat(change.to()).hasSameSizeAs(change.from()).doesNotHaveDuplicates();
      assertThat(change.why()).isNotBlank();
      assertThat(racks(image, change.to()))
          .as("racks of %s", change)
          .isGreaterThanOrEqualTo(racks(image, change.from()));
      if (!mendsRacks(image, change)) {
        assertThat(mostInOneRack(image, change.to()))
            .as("in one rack of %s", change)
            .isLessThanOrEqualTo(mostInOneRack(image, change.from()));
      }
      for (var node : change.to()) {
        if (!change.from().contains(node)) {
          var gets = image.node(node).orElseThrow();
          assertThat(gets.state()).isEqualTo(NodeState.ACTIVE);
          assertThat(gets.isWanted()).as("%s", gets).isTrue();
        }
      }
      if (plan.aim() == RebalanceAim.LEADERS) {
        assertThat(change.to()).containsExactlyInAnyOrderElementsOf(change.from());
        assertThat(entry.isr()).contains(change.to().getFirst());
      } else {
        assertThat(change.from().containsAll(change.to()))
            .as("nothing moves by %s", change)
            .isFalse();
      }
    }
  }

  /** Neither the fullest gets fuller, nor the emptiest emptier, by what was to be evened out. */
  private static void assertNoWorse(RebalancePlan plan, Plans plans) {
    var weights = weights(plan, plans);
    ToDoubleFunction<NodeShare> before =
        switch (plan.aim()) {
          case LEADERS -> node -> node.before().leaders();
          case BYTES -> node -> of(weights, node)[0];
          case DISK -> node -> of(weights, node)[0] / total(plans, node.node());
        };
    ToDoubleFunction<NodeShare> after =
        switch (plan.aim()) {
          case LEADERS -> node -> node.after().leaders();
          case BYTES -> node -> of(weights, node)[1];
          case DISK -> node -> of(weights, node)[1] / total(plans, node.node());
        };
    var about =
        plan.nodes().stream()
            .filter(node -> plan.aim() != RebalanceAim.DISK || plans.disks.containsKey(node.node()))
            .toList();
    assertThat(spread(about, after)).as("%s", plan).isLessThanOrEqualTo(spread(about, before));
  }

  private static double[] of(Map<NodeId, double[]> weights, NodeShare node) {
    return Optional.ofNullable(weights.get(node.node())).orElseThrow();
  }

  private static double total(Plans plans, NodeId node) {
    return Optional.ofNullable(plans.disks.get(node)).orElseThrow().totalBytes();
  }

  /** What each node counts before and after, by the plan's own changes. */
  private static Map<NodeId, double[]> weights(RebalancePlan plan, Plans plans) {
    var weights = new TreeMap<NodeId, double[]>();
    for (var node : plan.nodes()) {
      var disk = plans.disks.get(node.node());
      double used = plan.aim() == RebalanceAim.DISK && disk != null ? disk.usedBytes() : 0;
      weights.put(node.node(), new double[] {used, used});
    }
    var image = plans.cluster.image();
    for (var id : image.partitionIds().toList()) {
      var change = plan.changes().stream().filter(each -> each.partition().equals(id)).findAny();
      var from = image.partition(id).orElseThrow().goal();
      var to = change.map(PlannedChange::to).orElse(from);
      double weight = Math.max(Holdings.REPLICA_BYTES_MIN, plans.bytes.getOrDefault(id, 0L));
      for (var entry : weights.entrySet()) {
        boolean had = from.contains(entry.getKey());
        boolean has = to.contains(entry.getKey());
        if (plan.aim() == RebalanceAim.BYTES) {
          entry.getValue()[0] += had ? weight : 0;
          entry.getValue()[1] += has ? weight : 0;
        } else {
          entry.getValue()[1] += (has ? weight : 0) - (had ? weight : 0);
        }
      }
    }
    return weights;
  }

  private static double spread(List<NodeShare> nodes, ToDoubleFunction<NodeShare> of) {
    var figures = nodes.stream().mapToDouble(of).summaryStatistics();
    return nodes.isEmpty() ? 0 : figures.getMax() - figures.getMin();
  }

  private static boolean mendsRacks(ClusterImage image, PlannedChange change) {
    return racks(image, change.to()) > racks(image, change.from());
  }

  private static int racks(ClusterImage image, Collection<NodeId> nodes) {
    return byRack(image, nodes).size();
  }

  private static int mostInOneRack(ClusterImage image, Collection<NodeId> nodes) {
    return Collections.max(byRack(image, nodes).values());
  }

  private static Map<String, Integer> byRack(ClusterImage image, Collection<NodeId> nodes) {
    var racks = new TreeMap<String, Integer>();
    nodes.forEach(node ->
        racks.merge(
            image.node(node).flatMap(NodeImage::rack).map(name -> "r " + name).orElse("n " + node),
            1,
            Integer::sum));
    return racks;
  }

  @Test
  void sharesAddUp() {
    Seeds.forEach(
        10,
        (seed, random) -> {
          var plan = cluster(random).plan(RebalanceAim.BYTES);
          assertThat(plan.nodes().stream().map(NodeShare::after).mapToInt(Share::replicas).sum())
              .isEqualTo(
                  plan.nodes().stream().map(NodeShare::before).mapToInt(Share::replicas).sum());
        });
  }
}
