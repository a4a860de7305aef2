package dev.naru.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds ports of loopback that nobody listens on, and gives none twice.
 *
 * <p>A node that is killed must find its ports free when it returns. So they are taken from below
 * the range out of which systems give ports to outgoing connections, and no JVM is given those of
 * another one that runs tests at the same time: the range is cut into blocks, and whoever listens
 * on the first port of a block has the rest of it, as long as its JVM lives.
 *
 * <p>May be called by any thread.
 */
public final class FreePorts {

  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;

  /** Enough for most runs; a few dozen JVMs find one, and whoever needs more takes another. */
  private static final int BLOCK = 250;

  /** Never closed: the system does so at the end of the JVM, however it ends. */
  private static final List<ServerSocket> BLOCKS = new ArrayList<>(); // guarded by the class

  private static int next; // guarded by the class
  private static int end;

  private FreePorts() {}

  /**
   * A port that was free a moment ago, and that this class gives to nobody else.
   *
   * @throws IllegalStateException if there is none
   */
  public static synchronized int next() {
    while (true) {
      if (next == end) {
        takeBlock();
      }
      int port = next++;
      if (isFree(port)) {
        return port;
      }
    }
  }

  private static void takeBlock() {
    for (int first = LOWEST; first < HIGHEST; first += BLOCK) {
      try {
        BLOCKS.add(listen(first));
        next = first + 1;
        end = first + BLOCK;
        return;
      } catch (IOException _) {
        // somebody has this block; the next one may be free
      }
    }
    throw new IllegalStateException(
        "Expected a block of %d ports in %d to %d, but all are taken"
            .formatted(BLOCK, LOWEST, HIGHEST));
  }

  private static boolean isFree(int port) {
    try (var _ = listen(port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }
}
