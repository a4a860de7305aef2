package dev.naru.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.types.NodeId;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BacklogTest {

  @Test
  void namesTheNodesThatAreWaitedForMostAndCountsTheOthers() {
    var byNode = new TreeMap<NodeId, Long>();
    for (int node = 1; node <= 8; node++) {
      byNode.put(new NodeId(node), 100L * (node % 4));
    }

    assertThat(new Backlog(byNode, 7))
        .hasToString(
            "300 bytes for node 3, 300 bytes for node 7, 200 bytes for node 2, 200 bytes for node 6,"
                + " 100 bytes for node 1, more for 3 other nodes, 7 bytes for a leader");
    assertThat(new Backlog(Map.of(new NodeId(1), 5L), 0)).hasToString("5 bytes for node 1");
    assertThat(new Backlog(Map.of(), 0)).hasToString("");
  }
}
