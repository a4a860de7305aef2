package dev.naru.log.inspect;

import dev.naru.log.recovery.DurablePoint;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Whether the segments of one directory go on where the one before ends. Remembers two numbers a
 * segment.
 */
final class SegmentOrder {

  private record Place(String file, OptionalLong end) {}

  private final Report report;
  private final String directory;
  private final TreeMap<Long, Place> segments = new TreeMap<>();

  SegmentOrder(Report report, String directory) {
    this.report = report;
    this.directory = directory;
  }

  /**
   * A segment was read.
   *
   * @param end the offset after its last batch, if it could be read to there
   */
  void note(String file, long base, OptionalLong end) {
    if (file.endsWith(".log")) { // not one that is being made
      segments.put(base, new Place(file, end));
    }
  }

  /** All were. */
  void end(Beside beside) {
    Optional<Place> before = Optional.empty();
    for (var each : segments.tailMap(beside.isOnRecord() ? beside.first() : 0).entrySet()) {
      OptionalLong expected = before.map(Place::end).orElse(OptionalLong.of(each.getKey()));
      boolean isInPlace = expected.isEmpty() || expected.getAsLong() == each.getKey();
      if (!isInPlace && beside.isBeingReplaced(each.getKey())) {
        continue; // another one has its place, and the next start deletes it
      }
      if (!isInPlace) {
        wrong(beside, each.getKey(), each.getValue().file(), expected.getAsLong());
      }
      before = Optional.of(each.getValue());
    }
    beside
        .point()
        .filter(point -> beside.isOnRecord() && point.start() < point.end())
        .ifPresent(this::whatMustBeThere);
  }

  private void whatMustBeThere(DurablePoint point) {
    if (segments.floorKey(point.start()) == null) {
      missing(point.start());
    } else if (!point.state().isEmpty() && !segments.containsKey(point.state().base())) {
      missing(point.state().base());
    }
  }

  private void wrong(Beside beside, long base, String file, long expected) {
    String reason = "Expected a segment at offset %d, but was at %d".formatted(expected, base);
    boolean mayBeTorn =
        beside.isOnRecord() && beside.point().map(point -> expected >= point.end()).orElse(true);
    if (mayBeTorn) {
      report.note(file, 0, "Not known to be durable, so a start would leave it out: " + reason);
    } else {
      report.fault(file, 0, reason);
    }
  }

  private void missing(long offset) {
    report.fault(
        directory, 0, "Expected a segment that holds offset " + offset + ", but there is none");
  }
}
