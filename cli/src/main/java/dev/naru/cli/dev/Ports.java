package dev.naru.cli.dev;

import dev.naru.cli.CommandFailure;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/** Which ports of this machine are free. A free one can be taken the moment after. */
final class Ports {

  private static final int TRIES_MAX = 100; // of any first port, each with a dozen neighbours

  private Ports() {}

  /** Refuses ports on which somebody listens. */
  static void requireFree(List<HostPort> ports) {
    for (var port : ports) {
      if (!isFree(port.port())) {
        throw CommandFailure.precondition(
                ErrorCode.INVALID_CONFIG,
                "Expected port " + port.port() + " to be free, but another process has it")
            .withHint("--port N moves all ports; --port 0 takes any that are free");
      }
    }
  }

  /** A first port such that all ports of so many nodes are free. */
  static int findFirst(int nodes) {
    for (int i = 0; i < TRIES_MAX; i++) {
      int first = anyFree();
      if (first <= DevPorts.FIRST_MAX
          && new DevPorts(first).all(nodes).stream().allMatch(port -> isFree(port.port()))) {
        return first;
      }
    }
    throw CommandFailure.precondition(
        ErrorCode.INVALID_CONFIG,
        "Expected free ports for " + nodes + " nodes, but found none in " + TRIES_MAX + " tries");
  }

  private static int anyFree() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true); // connections of an earlier cluster may linger
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
