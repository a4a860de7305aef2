package dev.naru.chaos.fault;

import dev.naru.types.PartitionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The closed segments of a data directory as the scrubber reads them, and where it is. A node that
 * has much to do leaves it a tenth of the disk's time, so that it comes to few of them in minutes.
 *
 * @param segments in its order; of each partition all but the last two, which may be at work
 * @param noted which it had read when it last wrote that down
 */
record ScrubberPath(List<Closed> segments, Optional<Closed> noted) {

  /** It writes down how far it has come after reading so much. */
  private static final long NOTE_BYTES = 64 << 20;

  private static final int SOON = 16;

  private static final Comparator<Closed> ORDER =
      Comparator.comparing(Closed::partition).thenComparingLong(Closed::base);

  /** A segment; {@code base} is where it begins, or for a place in a log how far that was read. */
  record Closed(PartitionId partition, long base, long bytes, Path file) {

    /** Partition and file. */
    String name() {
      return partition + "/" + file.getFileName();
    }
  }

  /** As they are now. */
  static ScrubberPath of(Path dataDirectory) throws IOException {
    try (var partitions = Files.list(dataDirectory)) {
      var segments =
          partitions
              .filter(path -> path.getFileName().toString().matches("[0-9a-f-]{36}-\\d+"))
              .flatMap(ScrubberPath::closedOf)
              .sorted(ORDER)
              .toList();
      return new ScrubberPath(segments, noted(dataDirectory.resolve("scrub-progress")));
    }
  }

  private static Stream<Closed> closedOf(Path partition) {
    var id = PartitionId.parse(partition.getFileName().toString());
    try (var files = Files.list(partition)) {
      var names = files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
      var closed = names.subList(0, Math.max(0, names.size() - 2));
      return closed.stream().map(file -> new Closed(id, base(file), size(file), file));
    } catch (IOException gone) {
      return Stream.empty();
    }
  }

  private static long base(Path segment) {
    String name = segment.getFileName().toString();
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }

  private static long size(Path segment) {
    try {
      return Files.size(segment);
    } catch (IOException gone) {
      return 0;
    }
  }

  /** Between its head and its checksum the file has a line, unless a pass has just ended. */
  private static Optional<Closed> noted(Path progress) throws IOException {
    if (!Files.exists(progress)) {
      return Optional.empty();
    }
    var lines = Files.readAllLines(progress);
    if (lines.size() != 3) {
      return Optional.empty();
    }
    var words = lines.get(1).split(" ", -1);
    return Optional.of(
        new Closed(PartitionId.parse(words[0]), Long.parseLong(words[1]), 0, progress));
  }

  boolean isEmpty() {
    return segments.isEmpty();
  }

  /** The same but for the segments of these partitions. */
  ScrubberPath without(Predicate<PartitionId> spared) {
    return new ScrubberPath(
        segments.stream().filter(each -> !spared.test(each.partition())).toList(), noted);
  }

  /**
   * One of those that it comes to soon, and has not come to yet: it may be further than it has
   * written down.
   */
  Closed soonRead(Random dice) {
    int next =
        noted
            .map(place -> (int) segments.stream().filter(each -> isBefore(each, place)).count())
            .orElse(0);
    long skipped = 0;
    while (next < segments.size() && skipped < NOTE_BYTES) {
      skipped += segments.get(next).bytes();
      next++;
    }
    return segments.get((next + dice.nextInt(SOON)) % segments.size());
  }

  private static boolean isBefore(Closed segment, Closed place) {
    return ORDER.compare(segment, place) < 0;
  }
}
