package dev.naru.chaos.fault;

import dev.naru.chaos.host.NodeHost;
import dev.naru.chaos.host.Wait;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/**
 * A bit of a closed segment flips, while the node runs or while it is down. Proof: the byte read
 * back differs, and the node finds the damage and repairs it.
 */
final class RotFault implements Fault {

  /** The node reads what it has at idle, and after an hour it has gigabytes. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final boolean whileStopped;

  private RotFault(boolean whileStopped) {
    this.whileStopped = whileStopped;
  }

  static RotFault ofStopped() {
    return new RotFault(true);
  }

  static RotFault ofRunning() {
    return new RotFault(false);
  }

  @Override
  public Optional<String> whyNot(Stage stage) {
    return Optional.empty();
  }

  @Override
  public Outcome inflict(Stage stage, Random dice) throws IOException {
    var host = stage.anybody(dice);
    if (!Wait.comes(LIMIT, () -> !ScrubberPath.of(host.dataDirectory()).isEmpty())) {
      return new Outcome("node " + host.id() + ": no closed segment", Optional.empty());
    }
    if (whileStopped) {
      int _ = host.stop();
    }
    long foundBefore = whileStopped ? 0 : events(stage, host, "CORRUPTION_FOUND");
    long repairedBefore = whileStopped ? 0 : events(stage, host, "CORRUPTION_REPAIRED");
    var flipped = flip(ScrubberPath.of(host.dataDirectory()).soonRead(dice), dice);
    if (whileStopped) {
      host.start().awaitReady();
    }
    boolean isFound =
        Wait.comes(LIMIT, () -> events(stage, host, "CORRUPTION_FOUND") > foundBefore);
    boolean isRepaired =
        isFound
            && Wait.comes(LIMIT, () -> events(stage, host, "CORRUPTION_REPAIRED") > repairedBefore);
    return Outcome.of(
        "node " + host.id(), isRepaired, flipped + ", found and repaired by the node");
  }

  private static long events(Stage stage, NodeHost host, String code) {
    return stage
        .cluster()
        .metric(host.id(), "naru_events_total", code)
        .map(Double::longValue)
        .orElse(0L);
  }

  private static String flip(Path segment, Random dice) throws IOException {
    try (var file = FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long at = dice.nextLong(file.size());
      var one = ByteBuffer.allocate(1);
      file.read(one, at);
      byte before = one.get(0);
      byte after = (byte) (before ^ (1 << dice.nextInt(8)));
      file.write(ByteBuffer.wrap(new byte[] {after}), at);
      file.force(true);
      one.clear();
      file.read(one, at);
      if (one.get(0) != after) {
        throw new AssertionError("Expected the byte to be changed");
      }
      return "byte %d of %s was %02x and is %02x"
          .formatted(at, ScrubberPath.name(segment), before, after);
    }
  }
}
