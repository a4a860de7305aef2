package dev.naru.chaos.host;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * The wall clocks of nodes: a small library, compiled on the spot and loaded before all others,
 * that adds what a file says to the time. libfaketime would do the same, but a JVM hangs in its
 * locks in most starts.
 */
public final class Clocks {

  private static final String SOURCE = "/wall-clock.c";

  private Clocks() {}

  /** Why clocks cannot be set here, if they cannot. */
  public static Optional<String> whyNot() {
    return Shell.has("gcc") ? Optional.empty() : Optional.of("needs gcc");
  }

  /** To be called before the node is started. */
  static void prepare(NodeHost host) throws IOException {
    var source = beside(host, "wall-clock.c");
    try (var text = requireNonNull(Clocks.class.getResourceAsStream(SOURCE))) {
      Files.copy(text, source, StandardCopyOption.REPLACE_EXISTING);
    }
    var library = beside(host, "wall-clock.so");
    Shell.run("gcc", "-O1", "-shared", "-fPIC", "-o", library.toString(), source.toString());
    set(host, Duration.ZERO);
    host.setEnvironment("LD_PRELOAD", library.toString());
    host.setEnvironment("CHAOS_CLOCK", offset(host).toString());
  }

  /** Puts a node's clock off by this. The file stays the same one: the node looks at its page. */
  public static void set(NodeHost host, Duration by) throws IOException {
    var seconds = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    seconds.putLong(by.toSeconds()).flip();
    try (var file =
        FileChannel.open(offset(host), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(seconds, 0);
    }
  }

  private static Path offset(NodeHost host) {
    return beside(host, "wall-clock.seconds");
  }

  private static Path beside(NodeHost host, String name) {
    return host.log().toAbsolutePath().resolveSibling(name);
  }
}
