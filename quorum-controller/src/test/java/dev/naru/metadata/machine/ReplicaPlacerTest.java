package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.image.NodeImage;
import dev.naru.testing.Seeds;
import dev.naru.types.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

class ReplicaPlacerTest {

  @Test
  @Tag("S23")
  void gives4LeadersToEachOfThreeNodesWithTwelvePartitions() {
    Seeds.forEach(
        20,
        (seed, random) -> {
          var placed = place(TestCluster.of(3), 12, 3, random.nextLong());

          assertThat(leaders(placed)).containsValues(4L).hasSize(3);
          assertThat(leaders(placed).values()).containsOnly(4L);
        });
  }

  @Test
  @Tag("S9")
  @Tag("S23")
  @Tag("S48")
  void sharesReplicasAndLeadersEvenlyWhereThereAreNoRacks() {
    Seeds.forEach(
        100,
        (seed, random) -> {
          int nodes = random.nextInt(1, 12);
          int copies = random.nextInt(1, Math.min(nodes, 5) + 1);
          int partitions = random.nextInt(1, 60);

          var placed = place(TestCluster.of(nodes), partitions, copies, random.nextLong());

          assertOnDifferentNodes(placed, partitions, copies);
          assertThat(spread(replicas(placed), nodes)).as("replicas").isLessThanOrEqualTo(1);
          assertThat(spread(leaders(placed), nodes)).as("leaders").isLessThanOrEqualTo(1);
        });
  }

  @Test
  void sharesLaterPartitionsSoThatAllTogetherAreEven() {
    Seeds.forEach(
        100,
        (seed, random) -> {
          int nodes = random.nextInt(1, 12);
          int copies = random.nextInt(1, Math.min(nodes, 5) + 1);
          var cluster = TestCluster.of(nodes);
          var all = new ArrayList<>(place(cluster, random.nextInt(1, 30), copies, seed));
          for (int i = 0; i < 4; i++) {
            int more = random.nextInt(1, 10);
            var present = List.copyOf(all);

            var placed =
                ReplicaPlacer.placeMore(
                    cluster.image().nodes().values(), present, more, copies, random.nextLong());

            assertOnDifferentNodes(placed, more, copies);
            all.addAll(placed);
            assertThat(all.subList(0, present.size())).isEqualTo(present);
            assertThat(spread(replicas(all), nodes)).as("replicas").isLessThanOrEqualTo(1);
            // Those with the fewest replicas take a partition, and may all lead many already; but
            // no
            // other of its replicas would be a better leader.
            var leads = leaders(all);
            assertThat(placed)
                .allSatisfy(chosen ->
                    assertThat(chosen)
                        .allMatch(node ->
                            leads.getOrDefault(node, 0L)
                                >= leads.getOrDefault(chosen.getFirst(), 0L) - 1));
            if (copies == nodes) {
              assertThat(spread(leads, nodes)).as("leaders").isLessThanOrEqualTo(1);
            }
          }
        });
  }

  @Test
  @Tag("S57")
  void usesAsManyRacksAsPossible() {
    Seeds.forEach(
        100,
        (seed, random) -> {
          int racks = random.nextInt(1, 6);
          var cluster = TestCluster.empty();
          int nodes = 0;
          for (int rack = 0; rack < racks; rack++) {
            for (int i = random.nextInt(1, 4); i > 0; i--) {
              cluster.registerInRack(++nodes, "rack-" + rack);
            }
          }
          int copies = random.nextInt(1, Math.min(nodes, 5) + 1);

          var placed = place(cluster, 30, copies, random.nextLong());

          assertOnDifferentNodes(placed, 30, copies);
          assertThat(placed)
              .allSatisfy(replicas ->
                  assertThat(replicas.stream().map(rackOf(cluster)).distinct())
                      .hasSize(Math.min(copies, racks)));
        });
  }

  @Test
  @Tag("S23")
  void sharesEvenlyOverRacksOfOneSize() {
    Seeds.forEach(
        50,
        (seed, random) -> {
          int racks = random.nextInt(3, 6);
          int perRack = random.nextInt(1, 4);
          var cluster = TestCluster.empty();
          for (int node = 1; node <= racks * perRack; node++) {
            cluster.registerInRack(node, "rack-" + node % racks);
          }

          var placed = place(cluster, random.nextInt(1, 60), 3, random.nextLong());

          assertThat(spread(replicas(placed), racks * perRack)).isLessThanOrEqualTo(1);
          assertThat(spread(leaders(placed), racks * perRack)).isLessThanOrEqualTo(1);
        });
  }

  @Test
  void beginsElsewhereWithEachSeed() {
    var cluster = TestCluster.of(5);

    var first =
        IntStream.range(0, 200)
            .mapToObj(seed -> place(cluster, 1, 1, seed).getFirst().getFirst())
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

    assertThat(first).hasSize(5);
    assertThat(first.values()).allMatch(count -> count > 15);
  }

  @Test
  void letsManyNodesTakeOverFromADeadOne() {
    var placed = place(TestCluster.of(6), 60, 3, 1);

    var takers =
        placed.stream()
            .filter(replicas -> replicas.getFirst().equals(new NodeId(1)))
            .map(replicas -> replicas.get(1))
            .distinct();

    assertThat(takers).hasSizeGreaterThanOrEqualTo(4);
  }

  private static List<List<NodeId>> place(
      TestCluster cluster, int partitions, int copies, long seed) {
    return ReplicaPlacer.place(cluster.image().nodes().values(), partitions, copies, seed);
  }

  private static void assertOnDifferentNodes(
      List<List<NodeId>> placed, int partitions, int copies) {
    assertThat(placed).hasSize(partitions);
    assertThat(placed).allSatisfy(r -> assertThat(r).hasSize(copies).doesNotHaveDuplicates());
  }

  private static Function<NodeId, String> rackOf(TestCluster cluster) {
    return id -> cluster.image().node(id).flatMap(NodeImage::rack).orElseThrow();
  }

  private static TreePMap<NodeId, Long> leaders(List<List<NodeId>> placed) {
    return counts(placed.stream().map(List::getFirst));
  }

  private static TreePMap<NodeId, Long> replicas(List<List<NodeId>> placed) {
    return counts(placed.stream().flatMap(List::stream));
  }

  private static TreePMap<NodeId, Long> counts(Stream<NodeId> nodes) {
    return TreePMap.from(
        nodes.collect(Collectors.groupingBy(Function.identity(), Collectors.counting())));
  }

  /** Between the node with most and the one with least. */
  private static long spread(TreePMap<NodeId, Long> counts, int nodes) {
    long most = counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
    long least =
        counts.size() < nodes
            ? 0
            : counts.values().stream().mapToLong(Long::longValue).min().orElse(0);
    return most - least;
  }
}
