package dev.naru.chaos.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;

/**
 * The wall clocks of nodes, by libfaketime: a node reads from a file how far its clock is off. Time
 * that is only measured, by the monotonic clock, is left alone.
 */
public final class Clocks {

  private Clocks() {}

  /** Why clocks cannot be set here, if they cannot. */
  public static Optional<String> whyNot() {
    return library().isPresent() ? Optional.empty() : Optional.of("needs libfaketime");
  }

  private static Optional<Path> library() {
    for (var place : new String[] {"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"}) {
      var library = Path.of(place, "faketime", "libfaketimeMT.so.1");
      if (Files.exists(library)) {
        return Optional.of(library);
      }
    }
    return Optional.empty();
  }

  /** To be called before the node is started. */
  static void prepare(NodeHost host) throws IOException {
    set(host, Duration.ZERO);
    host.setEnvironment("LD_PRELOAD", library().orElseThrow().toString());
    host.setEnvironment("FAKETIME_TIMESTAMP_FILE", file(host).toString());
    host.setEnvironment("FAKETIME_NO_CACHE", "1");
    host.setEnvironment("FAKETIME_DONT_FAKE_MONOTONIC", "1");
  }

  /** Puts a node's clock off by this. */
  public static void set(NodeHost host, Duration offset) throws IOException {
    var next = file(host).resolveSibling("clock.next");
    Files.writeString(next, "%+d".formatted(offset.toSeconds()));
    Files.move(next, file(host), StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path file(NodeHost host) {
    return host.log().resolveSibling("clock");
  }
}
