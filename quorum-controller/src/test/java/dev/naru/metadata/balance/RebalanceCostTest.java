package dev.naru.metadata.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.machine.TestCluster;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;
import org.pcollections.TreePVector;

/** A plan for as many partitions as a cluster may have does not take a node's time for long. */
class RebalanceCostTest {

  private static final int TOPICS = 100;
  private static final int PARTITIONS = 1_000;
  private static final int OLD_NODES = 9;

  /** What it takes now is below 1.8 million, the same on every machine. */
  private static final long LOOKS_MAX = 2_500_000;

  /** For what is not counted: a second or two on a machine with nothing else to do. */
  private static final long LIMIT_MILLIS = 30_000;

  private static final long LOOKS_PER_QUESTION = 1_000;

  /** Nodes 1 to 9 in three racks hold it all, nodes 1 to 3 lead it all, and node 10 has come. */
  private static final ClusterImage IMAGE = image();

  private static final Measured MEASURED = measured();

  @Test
  void aHundredThousandPartitionsArePlannedWithAFewMillionLooks() {
    for (var aim : RebalanceAim.values()) {
      var asked = new AtomicInteger();
      BooleanSupplier isGivenUp = () -> asked.incrementAndGet() < 0; // once in so many looks
      long began = cpuMillis();
      var plan =
          RebalancePlanner.plan(IMAGE, MEASURED, RebalanceRequest.of(aim, Plans.ALL), isGivenUp);
      long took = cpuMillis() - began;
      long looks = asked.get() * LOOKS_PER_QUESTION;

      System.out.printf(
          "A plan for %s: %d changes, %d looks, %d ms%n", aim, changes(plan), looks, took);
      assertThat(looks).as("looks for %s", aim).isLessThanOrEqualTo(LOOKS_MAX);
      assertThat(took)
          .as("ms of a processor for %s: %d changes, %s", aim, changes(plan), plan.notes())
          .isLessThan(LIMIT_MILLIS);
      assertThat(plan.changes()).as("%s", plan.notes()).hasSizeGreaterThan(Plans.ALL / 2);
      assertThat(plan.notes()).doesNotContain(Draft.CUT_BY_EFFORT);
    }
  }

  /** What has been found by then is a plan, too. */
  @Test
  void aPlanThatTakesTooLongIsCutShortAndSaysSo() {
    for (var aim : RebalanceAim.values()) {
      var ground = new Ground(IMAGE, RebalanceRequest.of(aim, Plans.ALL));
      var effort = new Effort(() -> false, 5_000);
      var draft =
          aim == RebalanceAim.LEADERS
              ? LeaderPlan.make(ground, Plans.ALL, effort)
              : DataPlan.make(
                  ground,
                  MEASURED,
                  RebalanceRequest.of(aim, Plans.ALL),
                  effort,
                  new Effort(() -> false));

      assertThat(draft.isCutShort()).as("%s", aim).isTrue();
      assertThat(draft.notes()).contains(Draft.CUT_BY_EFFORT);
      assertThat(draft.changes()).hasSizeBetween(1, Plans.ALL - 1);
    }
  }

  @Test
  void aPlanForWhichNobodyWaitsEnds() {
    for (var aim : RebalanceAim.values()) {
      var asked = new AtomicInteger();
      var _ =
          RebalancePlanner.plan(
              IMAGE,
              MEASURED,
              RebalanceRequest.of(aim, Plans.ALL),
              () -> asked.incrementAndGet() > 0);

      assertThat(asked.get()).as("questions of %s", aim).isBetween(1, 3);
    }
  }

  private static long cpuMillis() {
    return TimeUnit.NANOSECONDS.toMillis(
        ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
  }

  private static int changes(RebalancePlan plan) {
    return plan.changes().size();
  }

  private static ClusterImage image() {
    var cluster = TestCluster.empty();
    for (int node = 1; node <= OLD_NODES + 1; node++) {
      cluster.registerInRack(node, "r" + node % 3);
    }
    var image = cluster.image();
    for (int topic = 0; topic < TOPICS; topic++) {
      var entries = new ArrayList<PartitionImage>();
      for (int number = 0; number < PARTITIONS; number++) {
        var replicas = // one in each rack
            List.of(
                node(0, number),
                node(1 + number / 3 % 2, number + 1),
                node(1 + number / 6 % 2, number + 2));
        entries.add(PartitionImage.created(replicas, TreePSet.from(replicas), replicas.getFirst()));
      }
      image =
          image.withTopic(
              TopicImage.of(
                  TopicId.of(1, topic),
                  "t" + topic,
                  0,
                  TreePMap.empty(),
                  ClusterDefaults.BUILT_IN,
                  TreePVector.from(entries)));
    }
    return image;
  }

  /** Three rows of three, each of which has one node in each rack. */
  private static NodeId node(int row, int column) {
    return new NodeId(1 + 3 * row + column % 3);
  }

  /** From a mebibyte to sixteen. */
  private static Measured measured() {
    var bytes = new TreeMap<PartitionId, Long>();
    var random = new Random(7); // some sizes or other, the same each time
    IMAGE.partitionIds().forEach(id -> bytes.put(id, 1L << (20 + random.nextInt(5))));
    var disks = new TreeMap<NodeId, DiskUse>();
    for (var node : IMAGE.nodes().keySet()) {
      long used = node.value() <= OLD_NODES ? 400L << 30 : 1L << 30;
      disks.put(node, new DiskUse(used, 1L << 40));
    }
    return Measured.of(bytes, disks);
  }
}
