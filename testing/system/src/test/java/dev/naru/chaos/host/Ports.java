package dev.naru.chaos.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Ports that nobody listens on, from below the range out of which systems give ports to outgoing
 * connections: a node that is killed must find its ports free when it returns.
 */
final class Ports {

  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES_MAX = 10_000;

  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();
  private static final RandomGenerator DICE = RandomGenerator.getDefault();

  private Ports() {}

  static synchronized int next() {
    for (int i = 0; i < TRIES_MAX; i++) {
      int port = DICE.nextInt(LOWEST, HIGHEST);
      if (GIVEN.add(port) && isFree(port)) {
        return port;
      }
    }
    throw new AssertionError("Expected a free port of %d to %d".formatted(LOWEST, HIGHEST));
  }

  private static boolean isFree(int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
