package dev.naru.chaos.fault;

import dev.naru.chaos.host.NodeHost;
import dev.naru.chaos.host.Wait;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A bit of a closed segment flips, while the node runs or while it is down. Proof: the byte read
 * back differs, and the node finds the damage and repairs it.
 */
final class RotFault implements Fault {

  /** The node reads what it has at idle, and after an hour it has gigabytes. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Segments that the scrubber has yet to read before it comes to the flipped bit, at most. */
  private static final int SOON = 16;

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
    if (!Wait.comes(LIMIT, () -> !closedSegments(host).isEmpty())) {
      return new Outcome("node " + host.id() + ": no closed segment", Optional.empty());
    }
    if (whileStopped) {
      int _ = host.stop();
    }
    long foundBefore = whileStopped ? 0 : events(stage, host, "CORRUPTION_FOUND");
    long repairedBefore = whileStopped ? 0 : events(stage, host, "CORRUPTION_REPAIRED");
    var flipped = flip(soonRead(host, dice), dice);
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

  /**
   * One of those that the scrubber comes to next. A node that has much to do leaves it a tenth of
   * the disk's time: in three minutes it does not come to all.
   */
  private static Path soonRead(NodeHost host, Random dice) throws IOException {
    var segments = closedSegments(host);
    var progress = host.dataDirectory().resolve("scrub-progress");
    String read = Files.exists(progress) ? lastRead(Files.readAllLines(progress)) : "";
    int next = (int) segments.stream().filter(each -> name(each).compareTo(read) <= 0).count();
    return segments.get((next + dice.nextInt(SOON)) % segments.size());
  }

  /** After its head it has the partition and the first offset of the segment that was read last. */
  private static String lastRead(List<String> progress) {
    var words = progress.get(1).split(" ", -1);
    return "%s/%020d.log".formatted(words[0], Long.parseLong(words[1]));
  }

  private static String name(Path segment) {
    int names = segment.getNameCount();
    return segment.subpath(names - 2, names).toString();
  }

  /** Of each partition all but the last two, which may be at work. */
  private static List<Path> closedSegments(NodeHost host) throws IOException {
    try (var partitions = Files.list(host.dataDirectory())) {
      return partitions
          .filter(path -> path.getFileName().toString().matches("[0-9a-f-]{36}-\\d+"))
          .flatMap(RotFault::closedOf)
          .sorted()
          .toList();
    }
  }

  private static Stream<Path> closedOf(Path partition) {
    try (var files = Files.list(partition)) {
      var segments = files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
      return segments.stream().limit(Math.max(0, segments.size() - 2));
    } catch (IOException gone) {
      return Stream.empty();
    }
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
      return "byte %d of %s was %02x and is %02x".formatted(at, name(segment), before, after);
    }
  }
}
