package dev.naru.chaos.fault;

import dev.naru.chaos.host.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/**
 * A node's disk is full for some seconds, from one write to the next. Then there is room again and
 * the node is killed, to be started again. Proof: nobody else can write a file there.
 */
final class FullDiskFault implements Fault {

  private static final Duration SHORTEST = Duration.ofSeconds(3);
  private static final Duration LONGEST = Duration.ofSeconds(12);
  private static final int PROBE_BYTES = 64 << 10;

  @Override
  public Optional<String> whyNot(Stage stage) {
    return stage.cluster().host(1).disk().isEmpty()
        ? Optional.of("needs root, for disks of the nodes' own")
        : Optional.empty();
  }

  @Override
  public Outcome inflict(Stage stage, Random dice) throws IOException {
    var host = stage.anybody(dice);
    var disk = host.disk().orElseThrow();
    var taken = disk.occupy();
    var probe = disk.mountPoint().resolve("probe");
    String refusal = "";
    try {
      Files.write(probe, new byte[PROBE_BYTES]);
    } catch (IOException noRoom) {
      refusal = String.valueOf(noRoom.getMessage());
    }
    Wait.hold(Wait.between(dice, SHORTEST, LONGEST));
    Files.deleteIfExists(probe);
    Files.delete(taken);
    if (host.isAlive()) {
      int _ = host.kill(); // a directory that failed to write is out of use until its node restarts
    }
    return Outcome.of(
        "node " + host.id(), refusal.contains("No space left"), "a probe was told: " + refusal);
  }
}
