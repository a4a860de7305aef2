package dev.naru.metadata.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Seeds;
import dev.naru.types.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeaderChainsTest {

  private static final List<NodeId> THREE = Plans.nodes(1, 2, 3);

  /** Node 3 can get only what node 2 leads, and node 2 is not the one with too much. */
  @Test
  void whereNoSingleLeadershipHelpsAChainDoes() {
    var chains = chains(THREE, List.of());
    chains.add(new NodeId(1), Plans.nodes(1, 2));
    chains.add(new NodeId(1), Plans.nodes(1, 2));
    chains.add(new NodeId(2), Plans.nodes(2, 3));

    assertThat(chains.improve()).isTrue();

    assertThat(chains.moved()).containsExactlyInAnyOrder(0, 2);
    assertThat(List.of(chains.leader(0), chains.leader(1), chains.leader(2)))
        .isEqualTo(Plans.nodes(2, 1, 3));
    assertThat(chains.improve()).isFalse();
    assertThat(chains.moved()).isEmpty();
  }

  @Test
  void countsWhatOthersLeadAlready() {
    var chains = chains(THREE, Plans.nodes(2, 2, 9));
    chains.add(new NodeId(1), Plans.nodes(1, 2, 3, 9));
    chains.add(new NodeId(1), Plans.nodes(1, 2, 3, 9));

    assertThat(chains.improve()).isTrue();

    assertThat(chains.leader(0)).as("9 is no member, 2 leads two").isEqualTo(new NodeId(3));
    assertThat(chains.improve()).isFalse();
  }

  @Test
  void givesUpWithoutEffort() {
    var chains = new LeaderChains(THREE, List.of(), new Effort(() -> false, 0));
    for (int number = 0; number < 6; number++) {
      chains.add(new NodeId(1), THREE);
    }

    assertThat(chains.improve()).as("one more is found with the first look").isTrue();
    assertThat(chains.improve()).isFalse();
  }

  @Test
  void nothingIsEvenerThanItsEnd() {
    Seeds.forEach(
        200,
        (seed, random) -> {
          int nodes = random.nextInt(1, 5);
          var settled = random.ints(random.nextInt(4), 1, nodes + 1).mapToObj(NodeId::new).toList();
          var able = new ArrayList<List<NodeId>>();
          for (int number = random.nextInt(7); number > 0; number--) {
            able.add(some(nodes, random));
          }
          var chains = chains(all(nodes), settled);
          able.forEach(each -> chains.add(each.getFirst(), each));

          while (chains.improve()) {
            // Each narrows the gap of two nodes, so that it ends.
          }

          var led = new ArrayList<>(settled);
          IntStream.range(0, able.size()).forEach(number -> led.add(chains.leader(number)));
          assertThat(unevenness(nodes, led)).isEqualTo(least(nodes, settled, able));
          for (int number = 0; number < able.size(); number++) {
            assertThat(able.get(number)).contains(chains.leader(number));
          }
        });
  }

  private static LeaderChains chains(Collection<NodeId> members, Collection<NodeId> settled) {
    return new LeaderChains(members, settled, new Effort(() -> false));
  }

  private static List<NodeId> all(int nodes) {
    return IntStream.rangeClosed(1, nodes).mapToObj(NodeId::new).toList();
  }

  /** At least one of them, the leader first. */
  private static List<NodeId> some(int nodes, RandomGenerator random) {
    var leader = new NodeId(1 + random.nextInt(nodes));
    var some = new ArrayList<>(List.of(leader));
    all(nodes).stream()
        .filter(node -> !node.equals(leader) && random.nextBoolean())
        .forEach(some::add);
    return some;
  }

  /** Of all ways there are, tried one after the other. */
  private static long least(int nodes, List<NodeId> led, List<List<NodeId>> able) {
    if (able.isEmpty()) {
      return unevenness(nodes, led);
    }
    long least = Long.MAX_VALUE;
    for (var leader : able.getFirst()) {
      var more = new ArrayList<>(led);
      more.add(leader);
      least = Math.min(least, least(nodes, more, able.subList(1, able.size())));
    }
    return least;
  }

  private static long unevenness(int nodes, List<NodeId> led) {
    long[] counts = new long[nodes + 1];
    led.forEach(node -> counts[node.value()]++);
    return Arrays.stream(counts).map(count -> count * count).sum();
  }
}
