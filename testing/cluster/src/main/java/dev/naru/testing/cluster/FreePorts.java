package dev.naru.testing.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports that nobody listens on. A node that is killed must find its ports free when it
 * returns, so they are taken from below the range out of which systems give ports to outgoing
 * connections.
 */
final class FreePorts {

  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES_MAX = 10_000;

  /** Those given out in this JVM: nobody listens on most of them yet. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePorts() {}

  static int next() {
    for (int i = 0; i < TRIES_MAX; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (!GIVEN.add(port)) {
        continue;
      }
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // taken; the next one may be free
      }
    }
    throw new UncheckedIOException(
        new IOException(
            "Expected a free port of %d to %d, but found none".formatted(LOWEST, HIGHEST)));
  }
}
