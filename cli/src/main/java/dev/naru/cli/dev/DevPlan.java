package dev.naru.cli.dev;

import dev.naru.cli.CommandFailure;
import dev.naru.types.ErrorCode;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * What was asked of {@code naru dev}. What is absent is as it was in the data directory, or else
 * three nodes from port 9410 on.
 *
 * @param port 0 for any that is free
 */
public record DevPlan(OptionalInt nodes, OptionalInt port) {

  private static final int NODES_DEFAULT = 3;
  private static final int PORT_DEFAULT = 9410;
  private static final int PORT_ANY = 0;

  /** Refuses other numbers of nodes than one and three, and ports that leave no room. */
  public DevPlan {
    int count = nodes.orElse(NODES_DEFAULT);
    if (count != 1 && count != NODES_DEFAULT) {
      throw CommandFailure.usage("Expected --nodes to be 1 or 3, but was " + count);
    }
    int first = port.orElse(PORT_DEFAULT);
    if (first < 0 || first > DevPorts.FIRST_MAX) {
      throw CommandFailure.usage(
          "Expected --port to be 0 to " + DevPorts.FIRST_MAX + ", but was " + first);
    }
  }

  /** A cluster where there was none. */
  DevState newCluster() {
    int count = nodes.orElse(NODES_DEFAULT);
    int first = port.orElse(PORT_DEFAULT);
    return new DevState(
        UUID.randomUUID().toString(),
        first == PORT_ANY ? Ports.findFirst(count) : first,
        IntStream.rangeClosed(1, count).mapToObj(DevNode::notStarted).toList());
  }

  /** A cluster keeps the nodes and addresses that it has agreed on. */
  void requireFit(DevState cluster) {
    requireSame("--nodes", nodes, cluster.nodes().size());
    if (port.orElse(PORT_ANY) != PORT_ANY) {
      requireSame("--port", port, cluster.port());
    }
  }

  private static void requireSame(String flag, OptionalInt asked, int kept) {
    if (asked.orElse(kept) != kept) {
      throw CommandFailure.precondition(
              ErrorCode.DIRECTORY_MISMATCH,
              "Expected %s %d, which the cluster in this data directory was made with, but was %d"
                  .formatted(flag, kept, asked.orElse(kept)))
          .withHint("--data-dir DIR makes another cluster");
    }
  }
}
