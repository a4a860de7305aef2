package dev.naru.log.epoch;

import dev.naru.types.LeaderEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which leader epoch wrote which offsets of one log. Two replicas compare their histories to find
 * where their logs part (KIP-101, KIP-279): the greatest epoch that both know, and the lower of its
 * two ends.
 *
 * <p>An epoch that left no record leaves no entry once another one begins at the same offset.
 *
 * <p>Invariant: epochs and start offsets both rise strictly.
 */
public record EpochHistory(List<EpochStart> entries) {

  /** Of a log that no leader has written. */
  public static final EpochHistory EMPTY = new EpochHistory(List.of());

  /** Refuses entries out of order. */
  public EpochHistory {
    entries = List.copyOf(entries);
    for (int i = 1; i < entries.size(); i++) {
      EpochStart before = entries.get(i - 1);
      EpochStart after = entries.get(i);
      if (!before.epoch().isBefore(after.epoch()) || before.startOffset() >= after.startOffset()) {
        throw new IllegalArgumentException(
            "Expected rising epochs and offsets, but " + before + " is followed by " + after);
      }
    }
  }

  /**
   * The history in which this epoch begins at this offset, the end of the log. Nothing changes if
   * it has begun already.
   *
   * @throws IllegalArgumentException if a later epoch has begun, or the latest began at a later
   *     offset
   */
  public EpochHistory assign(LeaderEpoch epoch, long startOffset) {
    Optional<EpochStart> latest = latest();
    if (latest.isPresent()) {
      if (latest.get().epoch().equals(epoch)) {
        return this;
      }
      if (epoch.isBefore(latest.get().epoch()) || startOffset < latest.get().startOffset()) {
        throw new IllegalArgumentException(
            "Expected an epoch after %s, but was %s at %d"
                .formatted(latest.get(), epoch, startOffset));
      }
    }
    var longer = new ArrayList<>(truncateFrom(startOffset).entries);
    longer.add(new EpochStart(epoch, startOffset));
    return new EpochHistory(longer);
  }

  /** The greatest epoch not after the asked one, and where it ends in the log with this end. */
  public Optional<EpochEnd> endOf(LeaderEpoch asked, long logEnd) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      LeaderEpoch epoch = entries.get(i).epoch();
      if (!asked.isBefore(epoch)) {
        long end = i + 1 < entries.size() ? entries.get(i + 1).startOffset() : logEnd;
        return Optional.of(new EpochEnd(epoch, end));
      }
    }
    return Optional.empty();
  }

  /** The epoch that wrote the record at this offset, if the log had one there. */
  public Optional<LeaderEpoch> epochAt(long offset) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i).startOffset() <= offset) {
        return Optional.of(entries.get(i).epoch());
      }
    }
    return Optional.empty();
  }

  /** The history of a log cut to this end: epochs that begin at or above it are gone. */
  public EpochHistory truncateFrom(long end) {
    int kept = entries.size();
    while (kept > 0 && entries.get(kept - 1).startOffset() >= end) {
      kept--;
    }
    return kept == entries.size() ? this : new EpochHistory(entries.subList(0, kept));
  }

  /**
   * The history of a log that starts here: the epoch of this offset begins here, earlier ones are
   * gone.
   */
  public EpochHistory truncateBelow(long start) {
    if (entries.isEmpty() || entries.getFirst().startOffset() >= start) {
      return this;
    }
    int first = 0;
    while (first + 1 < entries.size() && entries.get(first + 1).startOffset() <= start) {
      first++;
    }
    var shorter = new ArrayList<>(entries.subList(first, entries.size()));
    shorter.set(0, new EpochStart(shorter.getFirst().epoch(), start));
    return new EpochHistory(shorter);
  }

  /** For people: {@code 3@0 5@120}. */
  public String toText() {
    return entries.stream()
        .map(entry -> entry.epoch() + "@" + entry.startOffset())
        .collect(Collectors.joining(" "));
  }

  /** The last epoch that began. */
  public Optional<EpochStart> latest() {
    return entries.isEmpty() ? Optional.empty() : Optional.of(entries.getLast());
  }
}
