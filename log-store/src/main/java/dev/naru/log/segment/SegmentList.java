package dev.naru.log.segment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The closed segments of a log, in order. Immutable, for any thread.
 *
 * <p>Invariant: each begins where the one before ends.
 */
public record SegmentList(List<Segment> segments) {

  /** Of a log that has never rolled. */
  public static final SegmentList EMPTY = new SegmentList(List.of());

  /** Refuses gaps. */
  public SegmentList {
    segments = List.copyOf(segments);
    for (int i = 1; i < segments.size(); i++) {
      if (segments.get(i - 1).end() != segments.get(i).base()) {
        throw new IllegalArgumentException(
            "Expected a segment at %d, but was at %d"
                .formatted(segments.get(i - 1).end(), segments.get(i).base()));
      }
    }
  }

  SegmentList with(Segment newest) {
    var longer = new ArrayList<>(segments);
    longer.add(newest);
    return new SegmentList(longer);
  }

  /** Those that begin before this offset. */
  SegmentList beginningBefore(long offset) {
    int count = 0;
    while (count < segments.size() && segments.get(count).base() < offset) {
      count++;
    }
    return new SegmentList(segments.subList(0, count));
  }

  /** Those that end at or below this offset. */
  public List<Segment> endingBy(long offset) {
    int count = 0;
    while (count < segments.size() && segments.get(count).end() <= offset) {
      count++;
    }
    return segments.subList(0, count);
  }

  /** Those that end above this offset. */
  SegmentList endingAbove(long offset) {
    return new SegmentList(segments.subList(endingBy(offset).size(), segments.size()));
  }

  /**
   * The same with another segment in place of these; empty if they are not all here any more, the
   * very same ones.
   */
  Optional<SegmentList> replacing(List<Segment> gone, Segment with) {
    int from = segments.indexOf(gone.getFirst());
    int to = from + gone.size();
    if (from < 0 || to > segments.size() || !segments.subList(from, to).equals(gone)) {
      return Optional.empty();
    }
    var changed = new ArrayList<>(segments.subList(0, from));
    changed.add(with);
    changed.addAll(segments.subList(to, segments.size()));
    return Optional.of(new SegmentList(changed));
  }

  /** The segment that holds this offset. */
  public Optional<Segment> holding(long offset) {
    int low = 0;
    int high = segments.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (segments.get(middle).end() <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < segments.size() && segments.get(low).base() <= offset
        ? Optional.of(segments.get(low))
        : Optional.empty();
  }
}
