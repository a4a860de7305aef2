package dev.naru.chaos.fault;

import dev.naru.chaos.host.NodeHost;
import dev.naru.chaos.host.Wait;
import dev.naru.types.PartitionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A bit of a closed segment flips, while the node runs or while it is down. Proof: the byte read
 * back differs, and the node finds the damage and repairs it.
 */
final class RotFault implements Fault {

  /** The node reads what it has at idle, and after an hour it has gigabytes. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Of one log on one node: one that is damaged once more within an hour stays out of use. */
  private static final int FLIPS_MAX = 2;

  /** Of both kinds in this run, which is a process of its own. */
  private static final Map<Log, Integer> FLIPS = new ConcurrentHashMap<>();

  private record Log(int node, PartitionId partition) {}

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
    if (!Wait.comes(LIMIT, () -> !pathOf(host).isEmpty())) {
      return new Outcome("node " + host.id() + ": no segment to damage", Optional.empty());
    }
    if (whileStopped) {
      int _ = host.stop();
    }
    long foundBefore = whileStopped ? 0 : events(stage, host, "CORRUPTION_FOUND");
    long repairedBefore = whileStopped ? 0 : events(stage, host, "CORRUPTION_REPAIRED");
    var segment = pathOf(host).soonRead(dice);
    FLIPS.merge(new Log(host.id(), segment.partition()), 1, Integer::sum);
    var flipped = flip(segment, dice);
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

  /** The closed segments of logs that bear it. */
  private static ScrubberPath pathOf(NodeHost host) throws IOException {
    return ScrubberPath.of(host.dataDirectory())
        .without(partition -> FLIPS.getOrDefault(new Log(host.id(), partition), 0) >= FLIPS_MAX);
  }

  private static long events(Stage stage, NodeHost host, String code) {
    return stage
        .cluster()
        .metric(host.id(), "naru_events_total", code)
        .map(Double::longValue)
        .orElse(0L);
  }

  private static String flip(ScrubberPath.Closed segment, Random dice) throws IOException {
    try (var file =
        FileChannel.open(segment.file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
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
      return "byte %d of %s was %02x and is %02x".formatted(at, segment.name(), before, after);
    }
  }
}
