package dev.naru.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FreePortsTest {

  /** More than a block. */
  private static final int MANY = 600;

  @Test
  void givesNoPortTwice() {
    var ports = Stream.generate(FreePorts::next).limit(MANY).toList();

    assertThat(ports).doesNotHaveDuplicates();
  }

  @Test
  void givesNoPortThatSomebodyListensOn() throws IOException {
    int neighbour = FreePorts.next() + 1;

    try (var _ = new ServerSocket(neighbour, 1, InetAddress.getLoopbackAddress())) {
      assertThat(FreePorts.next()).isNotEqualTo(neighbour);
    }
  }

  /** Nobody listens on the ports of either: that they are free is not enough. */
  @Test
  void givesNoPortThatAnotherJvmHasBeenGiven() throws Exception {
    var own = Stream.generate(FreePorts::next).limit(MANY).toList();

    var others = portsOfAnotherJvm();

    assertThat(others).hasSize(MANY).doesNotContainAnyElementsOf(own);
  }

  private static List<Integer> portsOfAnotherJvm() throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Another.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var lines = process.inputReader().lines().toList();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return lines.stream().map(Integer::valueOf).toList();
  }

  /** Prints the ports that it was given. */
  static final class Another {

    private Another() {}

    public static void main(String[] arguments) {
      Stream.generate(FreePorts::next).limit(MANY).forEach(System.out::println);
    }
  }
}
