package dev.naru.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.naru.chaos.host.NodeProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What three nodes cost while nobody uses them. It waits for compilers to come to rest. */
@Tag("chaos")
class IdleCostTest {

  private static final double CORE_SHARE_MAX = 0.03;
  private static final long RESIDENT_BYTES_MAX = 350L << 20;
  private static final Duration WINDOW = Duration.ofSeconds(5);

  /** Compilers and start-up work come to rest first. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir Path directory;

  @Test
  void anIdleNodeTakesLessThanThreePercentOfACoreAnd350MegabytesResident() {
    assumeTrue(ProcFs.isAvailable(), "reads /proc");
    try (var cluster = ProcessCluster.start(directory, 3)) {
      var window = new Window(cluster.nodes());

      await()
          .atMost(LIMIT)
          .pollInterval(WINDOW)
          .untilAsserted(() -> {
            double share = window.busiestShareSinceLastCall();
            System.out.printf("busiest idle node: %.1f %% of a core%n", share * 100);
            assertThat(share).isLessThan(CORE_SHARE_MAX);
          });

      for (var node : cluster.nodes()) {
        long resident = resident(node);
        System.out.printf("node %d: %d MiB resident%n", node.id(), resident >> 20);
        assertThat(resident).isLessThan(RESIDENT_BYTES_MAX);
      }
    }
  }

  private static long resident(NodeProcess node) {
    try {
      return ProcFs.residentBytes(node.pid());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Processor time between two calls, as a share of one core. */
  private static final class Window {
    private final List<NodeProcess> nodes;
    private final long[] cpuMillis;
    private long beganNanos;

    Window(List<NodeProcess> nodes) {
      this.nodes = nodes;
      this.cpuMillis = nodes.stream().mapToLong(Window::cpuMillis).toArray();
      this.beganNanos = System.nanoTime();
    }

    double busiestShareSinceLastCall() {
      long nowNanos = System.nanoTime();
      double busiest = 0;
      for (int i = 0; i < cpuMillis.length; i++) {
        long now = cpuMillis(nodes.get(i));
        busiest = Math.max(busiest, (now - cpuMillis[i]) * 1e6 / (nowNanos - beganNanos));
        cpuMillis[i] = now;
      }
      beganNanos = nowNanos;
      return busiest;
    }

    private static long cpuMillis(NodeProcess node) {
      try {
        return ProcFs.cpuTime(node.pid()).toMillis();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
