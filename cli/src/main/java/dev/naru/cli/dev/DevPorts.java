package dev.naru.cli.dev;

import dev.naru.types.HostPort;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The ports of a dev cluster, all on loopback. With 9410 as the first, node 1 has 9410 for clients,
 * 9411 for nodes, 9412 for Ratis and 9480 for HTTP; node 2 has 9420, 9421, 9422 and 9481.
 */
record DevPorts(int first) {

  private static final String HOST = "127.0.0.1";
  private static final int PORTS_PER_NODE = 10;
  private static final int HTTP_AFTER = 70;
  private static final int PORT_MAX = 65535;

  /** The highest first port from which all nodes that fit below HTTP have theirs. */
  static final int FIRST_MAX = PORT_MAX - HTTP_AFTER - PORTS_PER_NODE;

  DevPorts {
    if (first < 1 || first > FIRST_MAX) {
      throw new IllegalArgumentException(
          "Expected a first port of 1 to " + FIRST_MAX + ", but was " + first);
    }
  }

  HostPort client(int node) {
    return at(first + PORTS_PER_NODE * (node - 1));
  }

  HostPort internal(int node) {
    return at(client(node).port() + 1);
  }

  HostPort raft(int node) {
    return at(client(node).port() + 2);
  }

  HostPort http(int node) {
    return at(first + HTTP_AFTER + node - 1);
  }

  /** Every port of so many nodes. */
  List<HostPort> all(int nodes) {
    return IntStream.rangeClosed(1, nodes)
        .boxed()
        .flatMap(node -> Stream.of(client(node), internal(node), raft(node), http(node)))
        .toList();
  }

  private static HostPort at(int port) {
    return new HostPort(HOST, port);
  }
}
